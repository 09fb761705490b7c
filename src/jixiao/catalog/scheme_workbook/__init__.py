"""A scheme as a workbook that officers edit, and back as its TOML file."""
