"""The `iceberg` target: tables in an Iceberg catalog. Start at target.py."""
