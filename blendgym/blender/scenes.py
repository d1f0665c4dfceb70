"""Where a task's scenes come from: a builder module or a ``.blend`` file."""

from __future__ import annotations

import hashlib
import importlib
import logging
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy

from blendgym.blender.linked_data import make_local
from blendgym.blender.physics.saved_state import forget_playback
from blendgym.blender.physics.shapes import vertices
from blendgym.blender.saving import save_blend
from blendgym.errors import SceneError, SceneNotFound
from blendgym.names import namesake
from blendgym.scene_places import ScenePlace, what_instead

_LOG = logging.getLogger(__name__)


class LoadedScene:
    """A scene, whose things are known by the names that they have when it is alone.

    In one Blender all names differ, so that a second "Cart" has to be called otherwise.

    Args:
        scene: The scene, while the names are still its own.
        others: Objects of other scenes.

    Attributes:
        scene: Blender's.
        objects: By name.
        materials: By name.
        first_frame: In which the simulation of the file begins.
        hash: SHA-256 over names, poses, meshes and physics of its objects. Equal scenes have equal hashes.
    """

    def __init__(self, scene: bpy.types.Scene, others: Collection[bpy.types.Object] = ()) -> None:
        self.scene = scene
        _keep_one_view_layer(scene)
        self.first_frame = forget_playback(scene)
        self.objects: dict[str, bpy.types.Object] = {obj.name: obj for obj in scene.objects}
        self._outside = {obj.name: obj for obj in _outside(scene, others)}
        self.materials: dict[str, bpy.types.Material] = {
            slot.material.name: slot.material for slot in self.material_slots() if slot.material
        }
        self.hash = _hash(self)
        self._names = {obj: name for name, obj in (self.objects | self._outside).items()}

    @property
    def view_layer(self) -> bpy.types.ViewLayer:
        """The view layer that is simulated and rendered."""
        return self.scene.view_layers[0]

    @property
    def depsgraph(self) -> bpy.types.Depsgraph:
        """Where Blender keeps what it has evaluated. Only there are the poses of a scene that no window shows."""
        return self.scene.view_layers[0].depsgraph

    def updated_depsgraph(self) -> bpy.types.Depsgraph:
        """The same, after all that has been changed since the last frame has been evaluated."""
        self.view_layer.update()
        return self.depsgraph

    def evaluated(self, obj: bpy.types.Object) -> bpy.types.Object:
        """An object as it is at this moment; valid until the scene changes."""
        return obj.evaluated_get(self.updated_depsgraph())

    def name_of(self, obj: bpy.types.Object) -> str:
        """The name of an object of this scene, or instanced there; that of one which a task has added is Blender's."""
        return self._names.get(obj) or str(obj.name)

    def of_type(self, kind: str) -> dict[str, bpy.types.Object]:
        """The objects of a type such as ``"CAMERA"``, by name."""
        return {name: obj for name, obj in self.objects.items() if obj.type == kind}

    def material_slots(self) -> list[bpy.types.MaterialSlot]:
        """The slots of all objects of the scene, and of those that are instanced there."""
        return [slot for obj in (*self.scene.objects, *self._outside.values()) for slot in obj.material_slots]

    def add(self, name: str, obj: bpy.types.Object) -> None:
        """Knows an object by a name from now on."""
        self.objects[name], self._names[obj] = obj, name

    def remove(self, name: str) -> bpy.types.Object:
        """Forgets an object; it stays in Blender."""
        obj = self.objects.pop(name)
        del self._names[obj]
        return obj

    def give_way(self, number: int) -> None:
        """Renames everything in Blender, so that the next scene can have the names.

        Args:
            number: Of this scene, for people who look into Blender.
        """
        for things in (self.objects, self._outside, self.materials):
            for name, thing in things.items():
                thing.name = f"{name} ({number})"

    def activate(self) -> None:
        """Makes it the scene of Blender's window, which some operators need."""
        # The context has lost its window once a file is loaded in a Blender with a window (3.4).
        window = bpy.context.window_manager.windows[0]
        if window.scene != self.scene:
            window.scene = self.scene


def load_scenes(place: ScenePlace, count: int, trust: bool = False) -> list[LoadedScene]:
    """Makes a scene some times over, in a Blender that holds nothing else.

    Args:
        place: Where it lies.
        count: How many.
        trust: Whether the file's scripts and drivers may run; they can do all that its user can.

    Raises:
        SceneNotFound: If it cannot be imported or read, or the module has no ``build``.
        SceneError: If a file links to libraries that are missing, or a newer Blender has saved it.
    """
    make = _builder(place) if place.module else _file(place.file or Path(), trust, count)
    scenes: list[LoadedScene] = []
    others: set[bpy.types.Object] = set()
    for number in range(count):
        scenes.append(LoadedScene(make(), others))
        others.update(bpy.data.objects)
        if count > 1:
            scenes[-1].give_way(number)
    scenes[0].activate()
    return scenes


def _builder(place: ScenePlace) -> Callable[[], bpy.types.Scene]:
    module = _imported(place)
    if not callable(getattr(module, "build", None)):
        raise SceneNotFound(f"The module of scene {place.module!r}, {module.__file__}, has no function build(scene).")
    title = place.module.rpartition(".")[2].capitalize()
    # Names are unique in a Blender: a default object left behind would take the name of a new one.
    empty = bpy.data.scenes.new("Empty")
    bpy.context.window.scene = empty
    bpy.data.batch_remove([other for other in bpy.data.scenes if other != empty] + list(bpy.data.objects))
    bpy.data.orphans_purge(do_recursive=True)

    def build() -> bpy.types.Scene:
        scene = bpy.data.scenes.new(title)
        bpy.context.window.scene = scene
        module.build(scene)
        return scene

    return build


def _imported(place: ScenePlace) -> ModuleType:
    if place.file is None or "." in place.module:
        return _imported_by_name(place.module)
    known = sys.modules.get(place.module)
    if known is None:
        return _imported_from(place.file, place.module)
    return known if known.__file__ == str(place.file) else _imported_from(place.file, f"{place.module}_scene")


def _imported_by_name(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if not name.startswith(error.name or name):  # It is there, and lacks something itself.
            raise
        cure = f" A module is named without its ending: {name[:-3]!r}." if name.endswith(".py") else namesake(name)
        raise SceneNotFound(f"Scene {name!r} is no module that can be imported: {error}.{cure}") from None


def _imported_from(file: Path, name: str) -> ModuleType:
    """A module beside a top-level task, whatever else is called like it."""
    spec = spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise SceneNotFound(f"Scene file {str(file)!r} is no module of Python.")
    sys.modules[name] = module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _file(path: Path, trust: bool, count: int) -> Callable[[], bpy.types.Scene]:
    if not path.is_file():
        raise SceneNotFound(f"Scene file {str(path)!r} {what_instead(path)} (looked for {path.absolute()}).")
    if trust:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        _LOG.warning("Scripts and drivers of %s (SHA-256 %s) may run: trust=True.", path.absolute(), digest)
    try:
        # The file's own window layout may lack what rendering needs.
        bpy.ops.wm.open_mainfile(filepath=str(path.absolute()), load_ui=False, use_scripts=trust)
    except RuntimeError as error:
        why = str(error).strip().rstrip(".")
        raise SceneNotFound(
            f"Scene file {str(path)!r} cannot be read by Blender {bpy.app.version_string}: {why}. It is damaged, of a "
            "newer Blender, or no .blend: save it once more with the Blender that it is from."
        ) from None
    _require_version(path)
    _require_libraries(path)
    opened, name = bpy.context.scene, str(bpy.context.scene.name)
    folder = tempfile.TemporaryDirectory(prefix="blendgym-scene-") if make_local() and count > 1 else None
    # Blender appends nothing from the file that is open, and knows it by its path (4.5). This is another one of it.
    source = Path("/proc/self/root", path.absolute().relative_to("/"))
    if folder:
        # What was linked is appended as it has become, under the same names.
        source = Path(folder.name, path.name)
        save_blend(source, copy=True)
    loaded: list[bpy.types.Scene] = []

    def load() -> bpy.types.Scene:
        loaded.append(appended(source, name) if loaded else opened)
        if folder and len(loaded) == count:
            folder.cleanup()
        return loaded[-1]

    return load


def _require_version(path: Path) -> None:
    """Blender opens what a newer one has saved, but drops what it does not know, without a word to Python."""
    saved_by, here = (tuple(version[:2]) for version in (bpy.data.version, bpy.app.version))
    if saved_by > here:
        newer = ".".join(map(str, saved_by))
        raise SceneError(
            f"Scene file {str(path)!r} was saved by Blender {newer}; this is {bpy.app.version_string}, which would "
            f"lose what it does not know. Name a Blender {newer} with blender= or BLENDGYM_BLENDER, or save the file "
            "with this one."
        )


def _require_libraries(path: Path) -> None:
    missing = [library for library in bpy.data.libraries if getattr(library, "is_missing", False)]
    if missing:
        files = ", ".join(bpy.path.abspath(library.filepath, library=library.parent) for library in missing)
        raise SceneError(
            f"Scene file {str(path)!r} links to libraries that are missing: {files}. Put them there, or make their "
            "data local in Blender (Object > Relations > Make Local)."
        )


def appended(path: Path, name: str) -> bpy.types.Scene:
    """A scene of another file, with all that it uses."""
    with bpy.data.libraries.load(str(path), link=False) as (_, wanted):
        wanted.scenes = [name]
    return wanted.scenes[0]


def _keep_one_view_layer(scene: bpy.types.Scene) -> None:
    """Keeps the first view layer that is used for rendering: physics and all engines show the same one."""
    kept = next((layer for layer in scene.view_layers if layer.use), scene.view_layers[0])
    for layer in list(scene.view_layers):
        if layer != kept:
            scene.view_layers.remove(layer)
    kept.use = True


def _outside(scene: bpy.types.Scene, others: Collection[bpy.types.Object]) -> list[bpy.types.Object]:
    """Objects that are in no scene, but may be instanced in this one."""
    known = {*scene.objects, *others}
    return [obj for obj in bpy.data.objects if obj not in known]


def _hash(scene: LoadedScene) -> str:
    digest, depsgraph = hashlib.sha256(), scene.updated_depsgraph()
    for name in sorted(scene.objects):
        for part in _described(name, scene.objects[name], depsgraph):
            digest.update(part if isinstance(part, bytes) else repr(part).encode())
    return digest.hexdigest()


def _described(name: str, obj: bpy.types.Object, depsgraph: bpy.types.Depsgraph) -> Iterator[Any]:
    yield name, obj.type, [tuple(row) for row in obj.evaluated_get(depsgraph).matrix_world]
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
