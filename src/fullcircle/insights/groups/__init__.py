"""Natural groups: customers who buy alike, found in the data and described in words. Start at answers/groups.py."""
