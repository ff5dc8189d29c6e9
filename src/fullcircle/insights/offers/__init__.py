"""What to offer, to whom: methods that rank products, tried on held-out customers first. Start at made.py."""
