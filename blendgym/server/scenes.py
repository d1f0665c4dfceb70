"""Where a task's scene comes from: a builder module or a ``.blend`` file."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bpy

from blendgym.errors import SceneNotFound
from blendgym.server.physics.body import vertices

BUILDERS = "blendgym.scenes"

_LOG = logging.getLogger(__name__)


def load_scene(name: str, trust: bool = False) -> bpy.types.Scene:
    """Makes the scene that a task names, as the only one of this Blender.

    Args:
        name: A module of ``blendgym.scenes``, a dotted module with ``build(scene)``, or the path of a ``.blend``.
        trust: Whether the file's scripts and drivers may run; they can do all that its user can.

    Raises:
        SceneNotFound: If there is no such builder or file.
    """
    if name.endswith(".blend"):
        return _open_file(Path(name), trust)
    return _build(name)


def scene_hash(scene: bpy.types.Scene) -> str:
    """SHA-256 over the objects of a scene: names, poses, meshes, physics. Equal scenes have equal hashes."""
    digest = hashlib.sha256()
    for obj in sorted(scene.objects, key=lambda obj: str(obj.name)):
        for part in _described(obj):
            digest.update(part if isinstance(part, bytes) else repr(part).encode())
    return digest.hexdigest()


def _build(name: str) -> bpy.types.Scene:
    module_name = name if "." in name else f"{BUILDERS}.{name}"
    if importlib.util.find_spec(module_name) is None:
        raise SceneNotFound(
            f"Scene {name!r} is neither a module of {BUILDERS} nor the path of a .blend file "
            f"(looked for the module {module_name!r})."
        )
    builder = importlib.import_module(module_name)
    scene = bpy.data.scenes.new(name.rpartition(".")[2].capitalize())
    bpy.context.window.scene = scene
    # Names are unique in a Blender: a default object left behind would take the name of a new one.
    bpy.data.batch_remove([other for other in bpy.data.scenes if other != scene] + list(bpy.data.objects))
    bpy.data.orphans_purge(do_recursive=True)
    builder.build(scene)
    return scene


def _open_file(path: Path, trust: bool) -> bpy.types.Scene:
    if not path.is_file():
        raise SceneNotFound(f"Scene file {str(path)!r} does not exist (looked for {path.absolute()}).")
    if trust:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        _LOG.warning("Scripts and drivers of %s (SHA-256 %s) may run: trust=True.", path.absolute(), digest)
    try:
        # The file's own window layout may lack what rendering needs.
        bpy.ops.wm.open_mainfile(filepath=str(path.absolute()), load_ui=False, use_scripts=trust)
    except RuntimeError as error:
        raise SceneNotFound(f"Scene file {str(path)!r} cannot be read by Blender: {error}".rstrip()) from None
    return bpy.context.scene


def _described(obj: bpy.types.Object) -> Iterator[Any]:
    yield obj.name, obj.type, [tuple(row) for row in obj.matrix_world]
    if obj.type == "MESH":
        yield vertices(obj.data).tobytes()
        yield [tuple(polygon.vertices) for polygon in obj.data.polygons]
        yield [
            slot.material and (slot.material.name, tuple(slot.material.diffuse_color)) for slot in obj.material_slots
        ]
    for physics in (obj.rigid_body, obj.rigid_body_constraint):
        if physics:
            yield [(name, _plain(getattr(physics, name))) for name in sorted(physics.bl_rna.properties.keys())]
    if obj.type in ("CAMERA", "LIGHT"):
        yield [(name, value) for name in _SCALARS if (value := getattr(obj.data, name, None)) is not None]


_SCALARS = ("type", "lens", "sensor_width", "sensor_fit", "shift_x", "shift_y", "clip_start", "clip_end", "energy")


def _plain(value: Any) -> Any:
    if isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, bpy.types.ID):
        return value.name
    return tuple(value) if hasattr(value, "__len__") else None
