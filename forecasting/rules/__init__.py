"""Rules over a dossier: each returns results with file, line, what was found and what to write."""
