"""Stage 3 of 7: what may pass; the rest is quarantined with its reason. Start at gate.py."""
