"""Tables and figures for the finance department."""
