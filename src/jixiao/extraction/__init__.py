"""Grid and form layout into submission and findings."""
