"""The `rdf` store: the graph as RDF, embedded or at a SPARQL server. Start at store.py."""
