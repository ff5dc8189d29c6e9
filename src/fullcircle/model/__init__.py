"""The nouns: tables that travel between rooms, kinds of vertices and edges, and progress. Start at tables.py."""
