"""Stage 2 of 7: the fields of every source are mapped to the canonical tables and cleaned. Start at conform.py."""
