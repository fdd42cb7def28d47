"""Elicit by hand: a prior as a picture whose handles are what was asked, and a density that follows them."""
