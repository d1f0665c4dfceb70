"""Builders that make each scene from nothing, inside Blender. A builder is a module with ``build(scene)``."""
