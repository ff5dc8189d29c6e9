"""Stage 7 of 7: hand it on. Start at base.py (the contract); one file per target."""
