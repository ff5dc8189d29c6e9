"""Proposes [[map]] sections for sources from headers, values, keys and links. Start at suggest.py, plan.py, planner.py."""
