"""Runs SQL over tables. Start at base.py; duckdb.py is the only file that imports DuckDB."""
