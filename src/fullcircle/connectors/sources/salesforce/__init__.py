"""The `salesforce` connector. Start at `source.Salesforce`."""
