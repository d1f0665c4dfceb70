"""Episodes with a scene of their own, against plain Blender."""
