"""Word files: a template that an office can replace, filled with a report given as values."""
