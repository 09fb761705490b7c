"""Whose forms they are and what they come to: what was read of a round's files into evaluated departments."""
