"""Everything that runs inside Blender. Beside ``blendgym.scenes`` the only place that imports ``bpy``."""
