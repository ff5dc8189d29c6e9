"""What should be in the graph, as tables: one SELECT for each label. Start at build.py."""
