"""Sets of records with a known truth, for bench/identity.py: public ones and made-up ones, each loaded into an engine."""
