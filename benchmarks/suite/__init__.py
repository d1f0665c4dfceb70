"""Each environment of the suite, against its scene alone."""
