"""All that touches Blender: scenes, physics, engines, looks. Beside the scenes, the only room that imports ``bpy``."""
