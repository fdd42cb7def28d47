"""Who of two actors has the upper hand, theatre by theatre and month by month, from dated and graded observations."""
