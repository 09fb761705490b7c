"""Findings and rules in sentences: seeds/findings.toml, and what a code or a rule means."""
