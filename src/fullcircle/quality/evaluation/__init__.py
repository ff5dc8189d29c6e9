"""Evaluates rulesets: a plan of few queries, their values, and what becomes of each rule. Start at evaluate.py."""
