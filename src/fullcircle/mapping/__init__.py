"""Stage 2 of 7: the fields of every source become ours, and clean. Start at conform.py."""
