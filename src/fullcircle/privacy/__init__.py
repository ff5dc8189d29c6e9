"""What a person may ask for: their data, no more use of it, or to be forgotten everywhere. Start at erase.py."""
