"""Records as spreadsheets, both ways: written with drop-downs, read back as changes to the files under ``priors/``."""
