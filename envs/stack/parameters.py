"""What can be randomized about the stack."""

from __future__ import annotations

from blendgym.envs.shared_parameters import (
    DAYLIGHT,
    GROUND_TEXTURE,
    action_latency,
    camera_distance,
    camera_height,
    gravity,
    hue,
    observation_latency,
    observation_noise,
)
from blendgym.envs.stack.boxes import MAX_BOXES
from blendgym.parameters import Length, Parameter, ParameterSpace, TaskAttribute

CAMERA_TARGET = (0.0, 0.0, 0.12)  # m

PARAMETERS = ParameterSpace(
    Parameter(
        name="boxes", unit="1", nominal=5, low=1, high=MAX_BOXES, kind="integer", binding=TaskAttribute("boxes"),
        description="How many boxes there are",
    ),
    Parameter(
        name="box.size", unit="1", nominal=1.0, low=0.8, high=1.1, binding=TaskAttribute("box_size"),
        description="Factor of the sizes of all boxes",
    ),
    Parameter(
        name="box.imbalance", unit="1", nominal=0.7, low=0.0, high=1.0, binding=TaskAttribute("imbalance"),
        description="Share of boxes that are heavier on one side",
    ),
    Parameter(
        name="box.density_spread", unit="1", nominal=0.3, low=0.0, high=0.8, binding=TaskAttribute("density_spread"),
        description="Largest deviation of the density of a box from 500 kg/m³, as a share of it",
    ),
    Parameter(
        name="box.friction", unit="1", nominal=0.6, low=0.2, high=1.0, binding=TaskAttribute("friction"),
        description="Coefficient of friction between boxes, and with the pedestal",
    ),
    Parameter(
        name="box.restitution", unit="1", nominal=0.0, low=0.0, high=0.4, binding=TaskAttribute("restitution"),
        description="Share of the speed that is left after an impact",
    ),
    Parameter(
        name="pedestal.length", unit="m", nominal=0.12, low=0.08, high=0.25, binding=Length("Pedestal", axis="x"),
        description="Length of the pedestal along x",
    ),
    Parameter(
        name="pedestal.width", unit="m", nominal=0.12, low=0.08, high=0.25, binding=Length("Pedestal", axis="y"),
        description="Width of the pedestal along y",
    ),
    Parameter(
        name="placement.noise", unit="m", nominal=0.005, low=0.0, high=0.02, binding=TaskAttribute("placement_noise"),
        description="Standard deviation of where a box is let go of, along x and along y",
    ),
    Parameter(
        name="drop.height", unit="m", nominal=0.01, low=0.001, high=0.06, binding=TaskAttribute("drop_height"),
        description="Height above the tower from which a box falls",
    ),
    gravity(low=2.0, high=15.0),
    Parameter(
        name="reach", unit="m", nominal=0.15, low=0.1, high=0.2, group="actuator", binding=TaskAttribute("reach"),
        description="Offset at full action",
    ),
    action_latency(high=3),
    observation_latency(high=3),
    observation_noise(high=0.2, scale="0.1 m and 1"),
    *DAYLIGHT,
    hue("wood.hue", "Wood", nominal=0.3653, of="the boxes"),
    GROUND_TEXTURE,
    camera_distance(nominal=2.6, low=2.4, high=3.4, target=CAMERA_TARGET, of="the pedestal"),
    camera_height(nominal=0.75, low=0.2, high=1.5, target=CAMERA_TARGET, above="the top of the pedestal"),
)  # fmt: skip
