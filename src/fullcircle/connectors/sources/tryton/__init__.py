"""The `tryton` connector: a Tryton server over JSON-RPC. Start at source.py."""
