"""Steps with images, against raw render loops of Blender and MuJoCo."""
