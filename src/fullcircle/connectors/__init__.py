"""The stage `pull`: read the sources. Start at base.py (the interface), then pull.py (how rows become durable)."""
