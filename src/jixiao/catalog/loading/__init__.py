"""Files of seeds/ as domain types; everything broken is named with file, line, key and allowed values."""
