"""The read side: one question a file, asked of the graph and the book. Start at customer.py (the 360 view)."""
