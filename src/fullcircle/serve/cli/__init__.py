"""The command line: one verb a file. Start at main.py."""
