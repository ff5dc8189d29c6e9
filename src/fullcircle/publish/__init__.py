"""The stage `publish`: tables go to the targets. Start at base.py (the contract); one file per target."""
