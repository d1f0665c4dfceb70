"""Streams of annotated images, against raw loops of Blender and blendtorch's transport."""
