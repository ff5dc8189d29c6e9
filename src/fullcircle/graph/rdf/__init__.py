"""The graph as RDF: the terms for its labels and properties. Start at vocabulary.py."""
