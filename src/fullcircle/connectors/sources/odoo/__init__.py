"""The `odoo` connector. Start at `source.Odoo`."""
