"""The `ladybug` store: the embedded property graph. Start at store.py."""
