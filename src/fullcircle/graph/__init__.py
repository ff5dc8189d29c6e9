"""The stage `graph`: the customer graph. Start at base.py (the contract), then tables/build.py, diff.py, sync.py."""
