"""Seeds (TOML) into domain types; anything unknown or broken fails at load, naming file and line."""
