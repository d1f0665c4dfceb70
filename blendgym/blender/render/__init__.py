"""Images of a scene and what is known about them, by four engines behind one interface.

``cameras.py`` is the front; each engine has a file; ``geometry_passes.py`` draws exact annotations for all engines that
run on the graphics stack.
"""
