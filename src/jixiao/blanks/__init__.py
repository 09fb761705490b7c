"""Blank forms: the layout that reading uses, arranged as a sheet to be filled in."""
