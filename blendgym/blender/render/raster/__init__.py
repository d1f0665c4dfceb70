"""The rasteriser, and the exact annotations that it draws for all engines on the graphics stack."""
