"""How good forecasts were: proper scores of what a ledger holds, with how sure they are, against the plainest forecasters."""
