"""The `neptune` store: Amazon Neptune, a Gremlin server with more. Start at store.py."""
