"""The stage `check`: rows that pass the quality rules go on, the others go to quarantine with the reason. Start at gate.py."""
