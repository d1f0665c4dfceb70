"""What can be marked in an open scene, what is, and what is wrong with it."""
