"""The only code that imports a spreadsheet library."""
