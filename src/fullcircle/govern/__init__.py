"""Who may see what, and what was seen: one policy, one mask, one audit log, for every door. Start at principal.py."""
