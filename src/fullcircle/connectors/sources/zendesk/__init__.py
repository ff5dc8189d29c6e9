"""The `zendesk` connector. Start at `source.Zendesk`."""
