"""The `sql` connector: any database that SQLAlchemy knows. Start at source.py."""
