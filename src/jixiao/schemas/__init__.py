"""pandera models of the tidy tables."""
