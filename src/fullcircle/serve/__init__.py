"""The front doors, no logic of their own. Start at cli/main.py."""
