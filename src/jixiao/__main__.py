"""The program `jixiao`, which is `python -m jixiao` as well."""


def main() -> None:
    """Run the command line. Worker processes import this file too: what only that needs is imported here."""
    from jixiao.cli import app  # noqa: PLC0415

    app(prog_name="jixiao")


if __name__ == "__main__":
    main()
