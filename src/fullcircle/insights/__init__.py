"""Stage 6 of 7: what the data say about customers. Start at base.py (the contract); answers/ has one file per insight."""
