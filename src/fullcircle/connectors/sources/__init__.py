"""The connectors: a file or folder each, named like the plugin. Strangers to one another."""
