"""The textures that a parameter can choose from, by name; ``blender/looks/textures.py`` makes them."""

PLAIN = "plain"

TEXTURES = (PLAIN, "checker", "stripes", "tiles", "noise")
"""Choices of ``Material(…, "texture")``; the value of the parameter is the place in this tuple."""
