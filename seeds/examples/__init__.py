"""Worked examples: facts as TOML, and the script that lays them out as departments' workbooks."""
