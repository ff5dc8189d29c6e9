"""SQL that reads and cleans single values: dates, numbers, names, places, phones. Start at values.py and customs.py."""
