"""Stage 5 of 7: the customer graph. Start at base.py (the contract), then build.py, diff.py, sync.py."""
