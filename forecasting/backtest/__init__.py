"""An edition refitted as of one day after another: the curve of each answer, its score, and what each kind of evidence adds."""
