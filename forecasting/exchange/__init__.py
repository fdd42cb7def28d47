"""Forecasts in the forms of others: tables of crowds, Hubverse folders, tables for a spreadsheet."""
