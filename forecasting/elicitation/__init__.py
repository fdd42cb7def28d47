"""What the words mean: wordings, grades and base rates as distributions."""
