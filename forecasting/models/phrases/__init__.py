"""The phrase model: what readers mean by a verbal probability, from surveys."""
