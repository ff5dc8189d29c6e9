"""Webhooks: the change feed, sent to addresses by the running server. Start at deliver.py."""
