"""What the lens and the sensor of a camera do to its pictures: plain NumPy, no ``bpy``.

``imaging.py`` holds the numbers, ``lens_map.py`` bends pictures, ``exposure.py`` turns light into what a sensor gives.
"""
