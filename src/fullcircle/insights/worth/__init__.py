"""What a customer is worth in the next year, and whether they are lost: tried on held-out time first. Start at foreseen.py."""
