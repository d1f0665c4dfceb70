"""Digits that somebody writes on a page (runs on both sides of the wire). Lengths in m, angles in rad."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.layout import Item
from blendgym.parameters import (
    TEXTURES,
    Camera,
    Lens,
    Light,
    Material,
    Normal,
    Parameter,
    ParameterSpace,
    Sensor,
    Sky,
    TaskAttribute,
)
from blendgym.photographs.digits.page import DIGITS, NAMES, WIDTH_OF_VIEW
from blendgym.photographs.digits.pen import BODY, Course, course_of, ink
from blendgym.photographs.digits.skeletons import SKELETONS
from blendgym.scenario import Scenario
from blendgym.spaces import MultiDiscrete
from blendgym.world import Pose, World

MOST_WAYS = max(map(len, SKELETONS.values()))
SIDE = 144
"""Width and height of renders, in pixels."""

COURSES = {digit: tuple(map(course_of, ways)) for digit, ways in SKELETONS.items()}
ALONG = np.clip(1.0 - abs(np.linspace(0.0, 2.0, BODY) - np.arange(3)[:, None]), 0.0, 1.0)
"""Weights of the beginning, the middle and the end of a stroke along it, (3, BODY)."""

SPECK = (0.02, 0.05)
"""Least and greatest radius of a drop of ink."""

_VARIANTS = (
    Parameter(
        name="hand.habit", unit="1", nominal=0.0, low=0.0, high=0.999, group="variants", binding=TaskAttribute("habit"),
        description="Whose hand it is: in which of its ways each digit is written",
    ),
)  # fmt: skip

_STROKES = (
    Parameter(
        name="pen.width", unit="m", nominal=0.22, low=0.08, high=0.40, group="strokes", binding=TaskAttribute("width"),
        description="Width of the pen, where a digit is 1.4 m high",
    ),
    Parameter(
        name="pen.pressure", unit="1", nominal=0.0, low=0.0, high=0.3, group="strokes",
        binding=TaskAttribute("pressure"), description="Deviation of the logarithm of the width along a stroke",
    ),
    Parameter(
        name="pen.jitter", unit="m", nominal=0.0, low=0.0, high=0.09, group="strokes", binding=TaskAttribute("jitter"),
        description="By how much each point that a stroke runs through is off",
    ),
    Parameter(
        name="pen.roundness", unit="1", nominal=1.0, low=0.3, high=1.2, group="strokes",
        binding=TaskAttribute("roundness"), description="1 for smooth curves, 0 for straight lines between points",
    ),
)  # fmt: skip

_POSE = (
    Parameter(
        name="slant", unit="1", nominal=0.0, low=-0.6, high=0.6, prior=Normal(0.0, 0.22), group="pose",
        binding=TaskAttribute("slant"), description="How far to the right strokes lean, by height",
    ),
    Parameter(
        name="aspect", unit="1", nominal=0.85, low=0.5, high=1.2, group="pose", binding=TaskAttribute("aspect"),
        description="Factor of the width of the digit",
    ),
    Parameter(
        name="hand.spread", unit="1", nominal=0.0, low=0.0, high=0.15, group="pose", binding=TaskAttribute("spread"),
        description="Deviation of slant, turn (rad) and logarithm of aspect from digit to digit of one hand",
    ),
    Parameter(
        name="camera.azimuth", unit="rad", nominal=-math.pi / 2, low=-math.pi / 2 - 0.25, high=-math.pi / 2 + 0.25,
        prior=Normal(-math.pi / 2, 0.1), group="pose", binding=Camera("Camera", "azimuth"),
        description="From which side the page is seen, which turns it",
    ),
    Parameter(
        name="camera.distance", unit="m", nominal=1.0, low=0.1, high=4.0, group="pose",
        binding=Camera("Camera", "distance"), description="How far to that side the camera is, 14 m above the page",
    ),
)  # fmt: skip

_LIGHT = (
    Parameter(
        name="light.strength", unit="W/m²", nominal=2.0, low=1.0, high=4.0, group="light",
        binding=Light("Sun", "strength"), description="Irradiance of the sun",
    ),
    Parameter(
        name="light.elevation", unit="rad", nominal=0.83, low=0.4, high=1.5, group="light",
        binding=Light("Sun", "elevation"), description="Height of the sun",
    ),
    Parameter(
        name="light.azimuth", unit="rad", nominal=2.3, low=-math.pi, high=math.pi, group="light",
        binding=Light("Sun", "azimuth"), description="From which side the sun shines",
    ),
    Parameter(
        name="sky.strength", unit="1", nominal=0.5, low=0.2, high=1.0, group="light", binding=Sky("strength"),
        description="Factor of the light from everywhere",
    ),
)  # fmt: skip

_TEXTURE = (
    Parameter(
        name="ink.brightness", unit="1", nominal=0.05, low=0.01, high=0.2, group="texture",
        binding=Material("Ink", "brightness"), description="Largest of red, green and blue of the ink",
    ),
    Parameter(
        name="ink.hue", unit="rad", nominal=4 * math.pi / 3, low=0.0, high=6.28, group="texture",
        binding=Material("Ink", "hue"),
        description="Hue of the ink; 0 is red, 2.09 green, 4.19 blue",
    ),
    Parameter(
        name="paper.brightness", unit="1", nominal=0.8, low=0.5, high=0.95, group="texture",
        binding=Material("Paper", "brightness"), description="Largest of red, green and blue of the paper",
    ),
    Parameter(
        name="paper.texture", unit="1", nominal=0, low=0, high=len(TEXTURES) - 1, kind="categorical", choices=TEXTURES,
        group="texture", binding=Material("Paper", "texture", size=0.7),
        description="Texture of the paper: plain, checker, stripes, tiles or noise",
    ),
)  # fmt: skip

_OTHERS = (
    Parameter(
        name="specks", unit="1", nominal=0, low=0, high=8, kind="integer", group="distractors",
        binding=TaskAttribute("specks"), description="Drops of ink that belong to no digit",
    ),
    Parameter(
        name="lens.blur", unit="1", nominal=0.0, low=0.0, high=0.006, group="imaging", binding=Lens("Camera", "blur"),
        description="How far out of focus: deviation of a point's image, as a share of the width",
    ),
    Parameter(
        name="sensor.noise", unit="1", nominal=0.0, low=0.0, high=0.05, group="imaging",
        binding=Sensor("Camera", "read_noise"), description="Deviation of the sensor's noise, as a share of white",
    ),
)  # fmt: skip


class Page(Scenario):
    """A page of digits by one hand: with its own pen and ways to write, in other light each time."""

    scene = "scene"
    templates = ("Speck",)
    labels = {  # noqa: RUF012  # declared as by every task
        "digits": MultiDiscrete((10,) * DIGITS),
        "ways": MultiDiscrete((MOST_WAYS,) * DIGITS),
    }
    views = {"": {"passes": ["rgb", "segmentation"], "width": SIDE, "height": SIDE, "samples": 1}}  # noqa: RUF012  # likewise
    parameters = ParameterSpace(*_VARIANTS, *_STROKES, *_POSE, *_LIGHT, *_TEXTURE, *_OTHERS)

    habit = pressure = jitter = slant = spread = specks = 0.0
    width, roundness, aspect = 0.22, 1.0, 0.85

    def layout(self, rng: np.random.Generator) -> Iterator[Item]:
        """Drops of ink."""
        for _ in range(round(self.specks)):
            x, y = rng.uniform(-0.5, 0.5, 2) * WIDTH_OF_VIEW
            yield Item("Speck", Pose((x, y, 0.0)), scale=(*rng.uniform(*SPECK, 2), 0.1))

    def sample(self, world: World, rng: np.random.Generator) -> Mapping[str, Any]:
        """Writes the page."""
        digits = rng.integers(10, size=DIGITS)
        ways = [way_of(self.habit, digit) for digit in digits.tolist()]
        for name, digit, way in zip(NAMES, digits.tolist(), ways, strict=True):
            world.mesh(name).vertices = self._written(COURSES[digit][way], rng)
        return {"digits": digits, "ways": ways}

    def _written(self, course: Course, rng: np.random.Generator) -> NDArray[np.float64]:
        """The vertices of a digit that follows a course as well as this hand can."""
        points = course.points + rng.normal(0.0, self.jitter, course.points.shape)
        leaning = self._leaning(*rng.normal(0.0, self.spread, 3))
        pressure = rng.normal(0.0, self.pressure, (len(course.straight), 3)) @ ALONG
        return ink(course, points @ leaning.T, self.width / 2.0 * np.exp(pressure), self.roundness)

    def _leaning(self, slant: float, turn: float, aspect: float) -> NDArray[np.float64]:
        """What brings a digit into the form that this hand gives it, (2, 2), by how it differs from others."""
        sine, cosine = math.sin(turn), math.cos(turn)
        lean = np.array([[self.aspect * math.exp(aspect), self.slant + slant], [0.0, 1.0]])
        return np.asarray(np.array([[cosine, -sine], [sine, cosine]]) @ lean)


def way_of(habit: float, digit: int) -> int:
    """In which of its ways a hand writes a digit. All are as frequent, and of two digits independent or nearly so."""
    share = habit * (7 * digit + 11) % 1.0
    return int(share * len(SKELETONS[digit]))
