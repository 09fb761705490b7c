"""Checks of one form: weights, totals, scores, criteria, reasons."""
