"""The `gremlin` store: a TinkerPop server. Start at store.py."""
