"""What all rooms share: tables, entities, labels of vertices and edges, and progress. Start at tables.py."""
