"""What notebooks use: open a fit, show figures and tables, keep executed notebooks up to date."""
