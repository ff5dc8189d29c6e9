"""What was decided and done: cursors, landed files, the id ledger, judgements, runs. Start at book.py."""
