"""Scenes full of what Blender can show in one place and hide in another; one thing in each cell of a grid."""
