"""The publish targets: a file or folder each, named after the plugin. They do not import one another."""
