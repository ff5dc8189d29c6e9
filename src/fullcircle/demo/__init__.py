"""Makes a made-up company whose truth is known. Start at company.py."""
