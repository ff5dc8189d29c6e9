"""The graph in files: formats that other graph databases load and export. Start at formats.py."""
