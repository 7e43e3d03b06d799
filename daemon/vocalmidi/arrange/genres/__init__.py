"""One TOML file a genre."""
