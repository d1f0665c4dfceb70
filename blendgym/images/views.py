"""The view: which picture of a scene a client asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from blendgym.errors import RenderError
from blendgym.images.engines import DEVICES, ENGINES, engines_with
from blendgym.images.passes import PASSES, rendered_for
from blendgym.images.plain import plain

MAX_SIDE = 8192  # pixels
MAX_BYTES = 1 << 30
"""The memory that the passes of one view may take, all samples included."""

KEYPOINTS = "keypoints"
"""Name of the array of keypoints in an observation: float32 (keypoints, 3), in the order of their names.

Each is (x, y, v) as in COCO: v is 2 if it is visible, 1 if it is in the image and hidden, 0 if it is not in the image;
then x and y are 0.
"""

Matrix = tuple[tuple[float, ...], ...]


class View(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One picture of a scene: through which camera, in which size, what of it, and how.

    Args:
        camera: Name of a camera of the scene.
        width: In pixels.
        height: In pixels.
        passes: Names of ``PASSES``.
        engine: Name of one of ``ENGINES``.
        samples: Of each pixel's colour; 0 for the engine's default. Annotations have one sample, in the centre.
        shadow_maps: Whether things cast shadows in the light of suns and spots (``raster``; ``eevee`` and ``cycles``
            always have shadows). ``render()`` and captures have them unless they say otherwise.
        bounces: How often light is reflected on its way (``cycles``).
        denoise: Whether the colours are denoised (``cycles``).
        motion_blur: How long the shutter is open, as a share of the control period (``cycles``).
        focus_distance: Of the lens, in m; 0 for everything in focus (``cycles``).
        f_stop: Of the lens, if it has a focus distance (``cycles``).
        device: One of ``DEVICES``, which renders the colours; annotations are the processor's (``cycles``).
        intrinsics: 3×3 camera matrix, in pixels, in OpenCV's convention (the centre of the upper left pixel is the
            origin), instead of the camera's own.
        world_to_camera: 4×4 pose in OpenCV's convention (x right, y down, z forward), instead of the camera's own.
        objects: Whether a capture says what is in sight; ``None``: if it shows ids or categories.
        visibility: Whether a capture counts how much of each object in sight is hidden; this draws each alone.
        keypoints: Names of the keypoints of the scene that are told, too; a capture takes ``True`` for all. In an
            observation they are an array ``keypoints``, as in COCO: see ``KEYPOINTS``.
        ideal: Whether lens and sensor of the camera are ideal, whatever parameters say (``Lens``, ``Sensor``). Those of
            ``render()`` are.
        name: Of one view among several: its arrays in an observation are called ``name_pass``.
    """

    camera: str
    width: int
    height: int
    passes: tuple[str, ...] = ("rgb",)
    engine: str = "raster"
    samples: int = 0
    shadow_maps: bool = False
    bounces: int = 0
    denoise: bool = False
    motion_blur: float = 0.0
    focus_distance: float = 0.0
    f_stop: float = 2.8
    device: str = "cpu"
    intrinsics: Matrix | None = None
    world_to_camera: Matrix | None = None
    objects: bool | None = None
    visibility: bool = False
    keypoints: bool | tuple[str, ...] = False
    ideal: bool = False
    name: str = ""

    @property
    def samples_per_pixel(self) -> int:
        """The samples asked for, or the engine's default."""
        return self.samples or next(iter(ENGINES[self.engine].samples), 1)

    @property
    def describes_objects(self) -> bool:
        """Whether a capture says what is in sight."""
        if self.objects is None:
            return self.visibility or not {"segmentation", "category"}.isdisjoint(self.passes)
        return self.objects

    def key(self, name: str) -> str:
        """What a pass is called in an observation."""
        return f"{self.name}_{name}" if self.name else name

    def observed(self, images: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """The arrays of this view by the names that they have in an observation."""
        return {self.key(name): image for name, image in images.items()}

    def blank(self) -> dict[str, NDArray[Any]]:
        """Every array in zeros, by the names that they have in an observation."""
        size = self.width, self.height
        arrays = {name: np.zeros(PASSES[name].shape(*size), PASSES[name].dtype) for name in self.passes}
        if isinstance(self.keypoints, tuple) and self.keypoints:
            arrays[KEYPOINTS] = np.zeros((len(self.keypoints), 3), np.float32)
        return self.observed(arrays)

    @property
    def needs_gpu(self) -> bool:
        """Whether it is rendered on a GPU."""
        return self.device == "gpu"

    @property
    def colours(self) -> tuple[str, ...]:
        """The passes asked for that depend on light."""
        return tuple(name for name in self.passes if PASSES[name].is_colour)

    @property
    def annotations(self) -> tuple[str, ...]:
        """The passes asked for that do not."""
        return tuple(name for name in self.passes if not PASSES[name].is_colour)

    def rendering(self, *further: str) -> View:
        """The view of what an engine has to render for this one, and for further passes."""
        passes = rendered_for((*self.passes, *further))
        return self if passes == self.passes else msgspec.structs.replace(self, passes=passes)


VIEW_OPTIONS = {
    field.name: field.default
    for field in msgspec.structs.fields(View)
    if any(field.name in engine.options for engine in ENGINES.values())
}
"""The options of a view that not every engine heeds, with their defaults."""


def make_view(**arguments: Any) -> View:
    """A view that makes sense.

    Args:
        arguments: Those of ``View``; passes may be any iterable, matrices may be arrays.

    Raises:
        RenderError: If an argument is unknown or of a wrong type, or the view cannot be rendered as asked.
    """
    if isinstance(passes := arguments.get("passes"), Iterable) and not isinstance(passes, str):
        arguments["passes"] = tuple(passes)
    try:
        view = msgspec.convert(plain(arguments), View)
    except (msgspec.ValidationError, TypeError) as error:
        known = ", ".join(View.__struct_fields__)
        raise RenderError(f"A view cannot be made of these arguments: {error}. A view has {known}.") from None
    check_view(view)
    return view


def inherited(common: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a view: its own, and what it takes over from all others; ``None`` counts as not said.

    A device is not taken over by a view with an engine of its own that has none.
    """
    said = {name: value for name, value in own.items() if value is not None}
    engine = ENGINES.get(str(said.get("engine")))
    heeded = {name: value for name, value in common.items() if name != "device" or not engine or name in engine.options}
    return {**heeded, **said}


def make_shown_view(**arguments: Any) -> View:
    """A view for people rather than for learning: with shadows, unless the arguments say otherwise.

    Args:
        arguments: Those of ``make_view``.

    Raises:
        RenderError: If the view cannot be rendered as asked.
    """
    engine = ENGINES.get(arguments.get("engine", "raster"))
    return make_view(**{"shadow_maps": engine is not None and "shadow_maps" in engine.options, **arguments})


def check_view(view: View) -> None:
    """Checks all that can be checked without a Blender.

    Raises:
        RenderError: If the view cannot be rendered as asked; the message says what can.
    """
    for side, length in (("width", view.width), ("height", view.height)):
        if not 1 <= length <= MAX_SIDE:
            raise RenderError(f"The {side} of an image is {length}; expected 1 to {MAX_SIDE} pixels.")
    if view.engine not in ENGINES:
        raise RenderError(f"There is no engine {view.engine!r}; there are {', '.join(ENGINES)}.")
    if view.name and not view.name.isidentifier():
        raise RenderError(f"The name of a view is {view.name!r}; expected letters, digits and underscores.")
    _check_passes(view)
    _check_options(view)
    check_memory(view)
    _check_matrices(view)


def check_observed(view: View) -> None:
    """Checks that a view can be part of an observation, whose space is known beforehand.

    Raises:
        RenderError: If it has keypoints without naming them.
    """
    if view.keypoints is True:
        raise RenderError("Observed keypoints have to be named, for the space: keypoints=('Tip', …).")


def image_bytes(view: View) -> int:
    """The memory that the images of a view take."""
    return view.width * view.height * sum(PASSES[name].bytes_per_pixel for name in view.passes)


def _check_passes(view: View) -> None:
    if not view.passes:
        raise RenderError(f"A view needs at least one pass of {', '.join(PASSES)}.")
    for name in view.passes:
        if name not in PASSES:
            raise RenderError(f"There is no pass {name!r}; there are {', '.join(PASSES)}.")
        if name not in ENGINES[view.engine].passes:
            raise RenderError(f"Engine {view.engine!r} gives no pass {name!r}; {engines_with(name)}.")


def _check_options(view: View) -> None:
    engine = ENGINES[view.engine]
    if view.samples < 0 or (view.samples and engine.samples and view.samples not in engine.samples):
        allowed = ", ".join(map(str, sorted(engine.samples))) or "any positive number"
        raise RenderError(f"Engine {view.engine!r} cannot take {view.samples} samples; it takes {allowed}.")
    if view.device not in DEVICES:
        raise RenderError(f"There is no device {view.device!r}; there are {', '.join(DEVICES)}.")
    for name, default in VIEW_OPTIONS.items():
        if name not in engine.options and getattr(view, name) != default:
            raise RenderError(f"Engine {view.engine!r} has no {name}; {engines_with(name)}.")
    for name in ("bounces", "motion_blur", "focus_distance"):
        if not 0 <= getattr(view, name) < float("inf"):
            raise RenderError(f"The {name} of a view is {getattr(view, name)}; expected 0 or more.")
    if not 0 < view.f_stop < float("inf"):
        raise RenderError(f"The f_stop of a view is {view.f_stop}; expected a positive number.")


def check_memory(view: View) -> None:
    """Checks that a view is not too large.

    Raises:
        RenderError: If it is.
    """
    pixels = view.width * view.height
    # Colours are drawn with four channels of 4 bytes before they are resolved.
    needed = pixels * 16 * (view.samples_per_pixel if view.engine == "raster" else 1)
    needed += image_bytes(view)
    if needed > MAX_BYTES:
        raise RenderError(
            f"A view of {view.width}×{view.height} pixels with {view.samples_per_pixel} samples and "
            f"{', '.join(view.passes)} takes {needed >> 20} MiB; at most {MAX_BYTES >> 20} are allowed. "
            "Ask for a smaller image, fewer samples or fewer passes."
        )


def _check_matrices(view: View) -> None:
    for name, size in (("intrinsics", 3), ("world_to_camera", 4)):
        given = getattr(view, name)
        if given is None:
            continue
        if [len(row) for row in given] != [size] * size or not np.isfinite(np.array(given)).all():
            raise RenderError(f"The {name} of a view must be {size}×{size} finite numbers, got {given}.")
    if view.intrinsics:
        (fx, skew, _), (zero, fy, _), last = view.intrinsics
        if not (fx > 0 and fy > 0) or skew != 0 or zero != 0 or tuple(last) != (0, 0, 1):
            raise RenderError(
                f"Intrinsics must have the form ((fx, 0, cx), (0, fy, cy), (0, 0, 1)) with positive focal lengths, "
                f"got {view.intrinsics}; Blender's cameras have no skew."
            )
    if view.world_to_camera:
        pose = np.array(view.world_to_camera)
        rotation = pose[:3, :3]
        if not np.allclose(rotation @ rotation.T, np.eye(3), atol=1e-4) or np.linalg.det(rotation) < 0:
            raise RenderError(f"The upper left 3×3 of world_to_camera must be a rotation, got {rotation.tolist()}.")
