"""The `sql` connector: any database that SQLAlchemy supports. Start at source.py."""
