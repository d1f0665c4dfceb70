"""Distributions over the unit cube, and how they are moved."""
