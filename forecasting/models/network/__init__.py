"""The event network: claims, base rates and history as one PyMC model of marginal log hazards."""
