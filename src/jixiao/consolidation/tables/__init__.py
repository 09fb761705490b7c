"""The tidy tables that every round has: one module each, its columns and its rows together."""
