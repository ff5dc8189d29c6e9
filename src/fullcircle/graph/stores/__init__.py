"""One file or folder per graph store. Query text is only allowed here."""
