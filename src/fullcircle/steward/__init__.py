"""What people decide about customers, shown beforehand and carried out. Start at carry_out.py."""
