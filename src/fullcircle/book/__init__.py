"""The durable state: cursors, landed files, the id ledger, judgements, runs. Start at book.py."""
