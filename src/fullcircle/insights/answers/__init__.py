"""The insights: one file each, with the name of the plugin. They do not import one another."""
