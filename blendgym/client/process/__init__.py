"""Blender as a process: finding it, starting it, watching it, ending it."""
