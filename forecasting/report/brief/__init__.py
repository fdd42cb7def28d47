"""The brief: page one of every report, and a document of its own: what to know in five minutes, at most 400 words."""
