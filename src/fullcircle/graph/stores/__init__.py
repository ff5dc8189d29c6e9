"""One file per graph store; the only place where query text may stand."""
