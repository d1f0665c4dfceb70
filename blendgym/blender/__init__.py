"""All that knows Blender: scenes, physics, engines, looks. What stands above it has `bpy` for its own part alone."""
