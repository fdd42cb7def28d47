"""What was said and what came of it: an append-only file of forecasts and outcomes, each record chained to the one before."""
