"""The library of counted classes that comes with the package: figures with their sources, to be copied into a dossier."""
