"""The content that the graph should have, as tables: one SELECT for each label. Start at build.py."""
