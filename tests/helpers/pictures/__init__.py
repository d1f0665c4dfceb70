"""Scripts that take many pictures in one Blender, each kind of setting or material by every engine."""
