"""One self-contained HTML report per edition, and the figures that reports and notebooks share."""
