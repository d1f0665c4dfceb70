"""Scenes of ``analytic`` whose cameras have a lens and a sensor that can be randomized."""

from __future__ import annotations

from analytic.tasks import Still

from blendgym.parameters import Lens, Parameter, ParameterSpace, Sensor

BOUNDS = {
    "k1": (-0.3, 0.3),
    "k2": (-0.1, 0.1),
    "p1": (-0.01, 0.01),
    "p2": (-0.01, 0.01),
    "k3": (-0.05, 0.05),
    "vignetting": (0.0, 2.0),
    "blur": (0.0, 0.02),
    "exposure": (-2.0, 2.0),
    "shot_noise": (0.0, 0.1),
    "read_noise": (0.0, 0.1),
    "red_gain": (0.5, 2.0),
    "blue_gain": (0.5, 2.0),
    "gamma": (0.5, 2.0),
    "jpeg_quality": (1.0, 100.0),
}
IDEAL = dict.fromkeys(BOUNDS, 0.0) | {"red_gain": 1.0, "blue_gain": 1.0, "gamma": 1.0, "jpeg_quality": 100.0}


def imaging_of(camera: str) -> ParameterSpace:
    """All that can be said of lens and sensor of a camera; parameters are called like their numbers."""
    return ParameterSpace(
        *(
            Parameter(
                name=name,
                unit="1",
                nominal=IDEAL[name],
                low=low,
                high=high,
                kind="integer" if name == "jpeg_quality" else "real",
                group="imaging",
                binding=(Lens if name in Lens.numbers else Sensor)(camera, name),
            )
            for name, (low, high) in BOUNDS.items()
        )
    )


class StillLife(Still):
    """Balls and boxes before the camera "Eye"."""

    scene = "analytic.solids"
    camera = "Eye"
    parameters = imaging_of("Eye")


class Row(StillLife):
    """Things that hide each other, before the camera "Front"."""

    camera = "Front"
    parameters = imaging_of("Front")


class Points(Still):
    """Known points before the camera "Auto"."""

    scene = "analytic.markers"
    camera = "Auto"
    parameters = imaging_of("Auto")


class Patches(Points):
    """Squares of known radiance before the camera "Wall"."""

    camera = "Wall"
    parameters = imaging_of("Wall")


class Plan(Still):
    """A camera without perspective."""

    scene = "analytic.projected"
    camera = "Plan"
    parameters = imaging_of("Plan")


class Keypoints(Still):
    """Points that are marked, before the camera "Eye"."""

    scene = "analytic.marked"
    camera = "Eye"
    parameters = imaging_of("Eye")


class Misnamed(Still):
    """A parameter of a camera that is not there."""

    scene = "analytic.solids"
    camera = "Eye"
    parameters = imaging_of("Ear")


class TooBlurred(Still):
    """A parameter whose bounds are wider than what makes sense."""

    scene = "analytic.solids"
    camera = "Eye"
    parameters = ParameterSpace(
        Parameter(name="blur", unit="1", nominal=0.0, low=0.0, high=1.0, group="imaging", binding=Lens("Eye", "blur"))
    )


class Floor(Still):
    """A floor on which the camera "Above" stands upright, so that most of it is beside or behind."""

    scene = "analytic.lamps"
    camera = "Above"
    parameters = imaging_of("Above")

    def reset(self, world, rng):
        super().reset(world, rng)
        world.camera("Above").look_at((0.0, 0.0, 1.5), (6.0, 1.0, 1.0))
