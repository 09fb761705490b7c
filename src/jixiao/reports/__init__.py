"""Reports in words and tables, as values: a department's self-evaluation report and the round's."""
