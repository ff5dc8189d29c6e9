"""The `shopify` connector. Start at `source.Shopify`."""
