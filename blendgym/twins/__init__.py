"""NumPy twins: the equations of the environments, for thousands of episodes at once and without Blender."""
