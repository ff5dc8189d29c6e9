"""The graph as RDF: which terms everything becomes. Start at vocabulary.py."""
