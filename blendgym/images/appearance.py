"""What a scene looks like beyond how it was built: its lighting and the surfaces of its materials."""

from __future__ import annotations

from typing import Any

import msgspec

from blendgym.bounds import NotNegative, Positive, Share
from blendgym.errors import InvalidOption
from blendgym.images.plain import plain

Colour = tuple[NotNegative, NotNegative, NotNegative]


class Surface(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A physically based surface. What is ``None`` stays as the scene has it.

    Args:
        colour: Base colour, linear RGB.
        roughness: From 0 (mirror) to 1 (matt).
        metallic: From 0 (dielectric) to 1 (metal).
        emission: Radiance that it emits, linear RGB.
        colour_image: File of the base colour, sRGB.
        roughness_image: File of the roughness, one channel.
        metallic_image: File of the metallicity, one channel.
        normal_image: File of tangent-space normals.
        size: Of the images, in units of the mesh's UV map. The scenes of blendgym have UV maps in metres.
    """

    colour: Colour | None = None
    roughness: Share | None = None
    metallic: Share | None = None
    emission: Colour | None = None
    colour_image: str | None = None
    roughness_image: str | None = None
    metallic_image: str | None = None
    normal_image: str | None = None
    size: Positive = 1.0


class Sky(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A clear physical sky with a sun, darkened so that a strength of 1 suits a scene of ordinary materials.

    Args:
        sun_elevation: Of the sun above the horizon, in rad.
        sun_rotation: Of the sun about the zenith, in rad.
    """

    sun_elevation: float = 0.7
    sun_rotation: float = 0.0


class Lighting(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What surrounds a scene and lights it: at most one of ``hdri``, ``sky`` and ``colour``.

    Args:
        hdri: File of an equirectangular image (``.hdr``, ``.exr``).
        sky: A physical sky.
        colour: The same radiance from everywhere, linear RGB.
        strength: Factor of its radiance.
        rotation: Of the surroundings about the zenith, in rad.
        lights: Factor of the strength of the scene's own lights; 0 turns them off.
    """

    hdri: str | None = None
    sky: Sky | None = None
    colour: Colour | None = None
    strength: NotNegative = 1.0
    rotation: float = 0.0
    lights: NotNegative = 1.0

    @property
    def surrounds(self) -> bool:
        """Whether there are other surroundings than the scene's own."""
        return (self.hdri, self.sky, self.colour) != (None, None, None)


class Appearance(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How a scene looks.

    Args:
        lighting: Its surroundings; ``None`` for those that the scene was built with.
        surfaces: By the name of the material that they replace.
    """

    lighting: Lighting | None = None
    surfaces: dict[str, Surface] = {}

    @property
    def needs_sky(self) -> bool:
        """Whether only some engines can show the lighting."""
        return self.lighting is not None and (self.lighting.hdri is not None or self.lighting.sky is not None)


def make_appearance(description: Any) -> Appearance:
    """An appearance from plain dicts, lists and numbers.

    Raises:
        InvalidOption: If an entry is unknown, of a wrong type or out of range; the message says where.
    """
    try:
        appearance = msgspec.convert(plain(description), Appearance)
    except (msgspec.ValidationError, TypeError) as error:
        raise InvalidOption(f"The appearance is not understood: {error}. See blendgym.images.appearance.") from None
    check_appearance(appearance)
    return appearance


def check_appearance(appearance: Appearance) -> None:
    """Checks what the types do not say.

    Raises:
        InvalidOption: If there are several surroundings at once.
    """
    lighting = appearance.lighting
    if lighting and sum(each is not None for each in (lighting.hdri, lighting.sky, lighting.colour)) > 1:
        raise InvalidOption("The lighting of an appearance has at most one of 'hdri', 'sky' and 'colour'.")
