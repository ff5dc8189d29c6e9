"""The stage `conform`: the fields of every source are mapped to the canonical tables and cleaned. Start at conform.py."""
