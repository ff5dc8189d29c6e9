"""Write-back: facts of the 360 view into fields of a CRM, only what differs, and undone where asked. Start at `carry_out`."""
