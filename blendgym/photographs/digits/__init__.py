"""Handwritten digits: strokes of a pen, rendered, and 1,797 real ones to be read."""
