"""Steps without images: one environment, and many, against raw loops of Blender."""
