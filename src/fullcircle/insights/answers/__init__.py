"""The insights: a file each, named like the plugin. Strangers to one another."""
