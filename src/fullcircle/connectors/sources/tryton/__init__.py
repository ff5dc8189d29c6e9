"""The `tryton` connector: a Tryton server over JSON-RPC. Start at source.py; maps.py has the default field maps."""
