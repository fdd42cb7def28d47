"""A project of one's own: what a new folder gets, and what a newer package would change in it."""
