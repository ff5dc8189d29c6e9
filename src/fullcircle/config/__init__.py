"""One fullcircle.toml, read once at the door into frozen settings. Start at sections.py."""
