"""Checks between the forms of one department, and against the finance department's lists."""
