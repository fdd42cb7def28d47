"""From words, grades, counts and questions put to people to distributions."""
