"""The stage `resolve`: identity resolution, from records to customers. Start at resolve.py."""
