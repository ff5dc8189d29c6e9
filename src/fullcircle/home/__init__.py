"""The home of a project: its files, who may read them, and whether they are whole and belong together. Start at examine.py."""
