"""How long learning takes, and what it comes to."""
