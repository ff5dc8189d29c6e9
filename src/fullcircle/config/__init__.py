"""The config file fullcircle.toml, read once into immutable settings. Start at sections.py."""
