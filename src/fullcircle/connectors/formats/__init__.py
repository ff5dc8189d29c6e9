"""How the `files` connector reads each kind of file. Start at part.py: what every reader hands over."""
