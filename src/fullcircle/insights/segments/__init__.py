"""Segments: who fulfils the rules of the config, since when, and who came and went. Start at members.py."""
