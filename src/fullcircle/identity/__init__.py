"""Stage 4 of 7: identity resolution, from records to customers. Start at resolve.py."""
