"""The `postgres` target: tables for BI tools, who see what their login's role may see. Start at target.py."""
