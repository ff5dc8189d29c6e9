"""The `hubspot` connector. Start at `source.Hubspot`."""
