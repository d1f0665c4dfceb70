"""Teachers: how randomization adapts to the student."""
