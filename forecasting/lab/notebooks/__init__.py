"""Execute notebooks, hold their sampled numbers to references, bring them up to date."""
