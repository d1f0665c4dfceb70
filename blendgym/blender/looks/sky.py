"""The look of what surrounds a scene."""

from __future__ import annotations

import bpy

from blendgym.blender.looks.aspect import Aspect, Numbers
from blendgym.blender.looks.colours import HueSaturationBrightness, hue_saturation_brightness
from blendgym.errors import SceneError


class Sky(Aspect):
    """A background of one colour: its ``strength``, and ``hue`` (in rad) and ``saturation`` of its colour.

    The viewport, which Workbench shows, gets the same radiance.

    Args:
        world: As it was built.

    Raises:
        SceneError: If it has no background of one colour.
    """

    angles = frozenset({"hue"})

    def __init__(self, world: bpy.types.World | None) -> None:
        nodes = world.node_tree.nodes if world is not None and world.use_nodes else ()
        backgrounds = [node for node in nodes if node.type == "BACKGROUND"]
        if world is None or len(backgrounds) != 1 or backgrounds[0].inputs["Color"].is_linked:
            raise SceneError(
                "No parameter can change the sky: the world of the scene needs one Background node with a colour of "
                "its own."
            )
        self._world = world
        self._strength, self._colour = (backgrounds[0].inputs[name] for name in ("Strength", "Color"))
        self._own = self._strength.default_value, tuple(self._colour.default_value), tuple(world.color)
        super().__init__()

    def state(self) -> tuple[float, tuple[float, ...]]:
        return self._strength.default_value, tuple(self._colour.default_value)

    def measure(self, state: tuple[float, tuple[float, ...]]) -> Numbers:
        strength, colour = state
        hue, saturation, _ = hue_saturation_brightness(colour)
        return {"strength": strength, "hue": hue, "saturation": saturation}

    def show(self, numbers: Numbers) -> None:
        strength, (_, own, _) = numbers["strength"], self._own
        red, green, blue = HueSaturationBrightness(numbers["hue"], numbers["saturation"], max(own[:3])).rgb
        self._strength.default_value = strength
        self._colour.default_value = red, green, blue, own[3]
        self._world.color = strength * red, strength * green, strength * blue

    def restore(self) -> None:
        self._strength.default_value, self._colour.default_value, self._world.color = self._own
