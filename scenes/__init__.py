"""The toolbox that scenes are built with, inside Blender: one module each for meshes, materials, bodies, and so on.

A scene is a module with ``build(scene)``, which fills an empty scene.
"""
