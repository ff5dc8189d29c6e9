"""Natural groups: customers who buy alike, found in the data and told in words. Start at answers/groups.py."""
