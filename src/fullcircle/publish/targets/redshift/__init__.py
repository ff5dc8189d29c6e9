"""The `redshift` target: the flat views as tables in Amazon Redshift. Start at target.py."""
