"""The graph in files: what other graph databases load and what they export. Start at formats.py."""
