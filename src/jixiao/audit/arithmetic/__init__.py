"""Sums, shares and rates of a form: which cells make up which, and which one cell is wrong."""
