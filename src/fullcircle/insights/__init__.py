"""The stage `insights`: what the data say about customers. Start at base.py (the contract); answers/ has one file per insight."""
