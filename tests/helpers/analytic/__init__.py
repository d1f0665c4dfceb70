"""Static scenes that can be computed by hand, and the computation, for the tests of the cameras.

``known.py`` says what the scenes hold, in numbers; ``tasks.py`` names them; ``rays.py`` computes what a camera sees.
Only the modules with a ``build(scene)`` and ``making.py`` need Blender.
"""
