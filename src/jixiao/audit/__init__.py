"""Checks of figures within and across a department's forms."""
