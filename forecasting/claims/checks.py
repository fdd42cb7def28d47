def check_dossier(d): return ()
