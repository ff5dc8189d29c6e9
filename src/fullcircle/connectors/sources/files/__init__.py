"""The `files` connector: CSV, Excel, JSON lines and Parquet. Start at source.py."""
