"""What each command of the command line does; jixiao.cli only declares them."""
