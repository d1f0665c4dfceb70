"""Coins on dark cloth, rendered, and a photograph of 24 real ones to be found."""
