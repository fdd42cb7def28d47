"""The command line: `forecast --help` explains each command in one line."""
