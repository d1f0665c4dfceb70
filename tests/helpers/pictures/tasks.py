"""Tasks in which nothing happens, before surfaces of some materials."""

from __future__ import annotations

from analytic.tasks import Still


class MissingImage(Still):
    """Its image is not there."""

    scene = "pictures.missing_image"


class DamagedImage(Still):
    """Its image is a file that Blender cannot read."""

    scene = "pictures.damaged_image"


class RidingLamp(Still):
    """Its lamp falls with a body, above a floor."""

    scene = "pictures.riding_lamp"
    substeps = 10
    camera = "Eye"


class NoisyWall(Still):
    """It has a colour that only shading can tell."""

    scene = "pictures.noisy_wall"


class Calculated(Still):
    """Squares of calculated colours."""

    scene = "pictures.calculated"
