"""How objects show themselves: a few lines for a terminal of 80 columns, a small table for a notebook, whatever they hold."""
