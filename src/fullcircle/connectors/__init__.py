"""Stage 1 of 7: read the sources. Start at base.py (the interface), then pull.py (how rows become durable)."""
