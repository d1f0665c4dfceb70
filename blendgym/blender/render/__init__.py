"""Images of a scene and what is known about them, by four engines behind one interface.

``cameras.py`` is the front. Each kind of engine has a folder: ``raster``, ``viewport`` for Workbench and EEVEE, and
``cycles``. ``raster/geometry_passes.py`` draws exact annotations for all engines that run on the graphics stack, and
``shader_nodes`` says what materials look like to the rasteriser.
"""
