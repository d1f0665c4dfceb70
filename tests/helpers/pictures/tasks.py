"""Tasks in which nothing happens, before a wall of one material."""

from __future__ import annotations

from analytic.tasks import Still


class MissingImage(Still):
    """Its image is not there."""

    scene = "pictures.missing_image"


class NoisyWall(Still):
    """It has a colour that only shading can tell."""

    scene = "pictures.noisy_wall"
