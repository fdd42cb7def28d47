"""Records of a dossier: what was said, about which event, and what would settle it; read from files, cut to an edition."""
