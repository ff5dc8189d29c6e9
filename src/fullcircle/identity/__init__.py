"""Stage 4 of 7: who is who. Start at resolve.py."""
