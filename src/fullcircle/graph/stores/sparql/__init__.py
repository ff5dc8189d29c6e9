"""The parts of the RDF store. Start at ../rdf.py."""
