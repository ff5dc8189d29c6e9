"""DQDL, the language for rules of data quality that AWS Glue reads too: text -> tree -> text. Start at parse.py."""
