"""The read side: one question a file, asked of the graph and the book. Start at reader.py (all questions in one place)."""
