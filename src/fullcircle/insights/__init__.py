"""Stage 6 of 7: what the graph tells us. Start at base.py (the contract); one file per insight."""
