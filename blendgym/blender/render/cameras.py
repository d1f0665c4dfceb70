"""The front of all cameras: a view goes in, images and annotations come out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import bpy
from numpy.typing import NDArray

from blendgym.blender import compat
from blendgym.blender.render.annotations import objects_in_sight
from blendgym.blender.render.instances import VISIBLE_TYPES, Instances
from blendgym.blender.render.motion_blur import MotionBlur, Sweep
from blendgym.blender.render.shot import Shot, aim
from blendgym.blender.scenes import LoadedScene
from blendgym.blender.system_libraries import require_egl
from blendgym.errors import RenderError
from blendgym.images.captures import BlenderCamera, Capture, ObjectEntry, SeenObject
from blendgym.images.passes import Facts, completed
from blendgym.images.views import View, check_view

Images = dict[str, NDArray[Any]]


class Engine(Protocol):
    """One way to render."""

    def render(self, shot: Shot) -> Images:
        """The passes of a shot, by name; all of them are among those that engines render."""

    def pixels_alone(self, shot: Shot, ids: Sequence[int]) -> dict[int, int]:
        """How many pixels each object would cover if there were no other."""

    def scene_changed(self) -> None:
        """Lights or materials may be others than before."""


class Cameras:
    """Renders any view of a scene. An engine is made when it is first asked for.

    Args:
        loaded: The scene.
        sweep: Where its bodies were some seconds ago, and where they are.
    """

    def __init__(self, loaded: LoadedScene, sweep: Sweep) -> None:
        self._loaded, self._sweep = loaded, sweep
        scene = loaded.scene
        self._instances = Instances(loaded)
        self._engines: dict[str, Engine] = {}
        self._geometry: Any = None
        _show_what_is_rendered(scene)
        # Colours mean the same in every engine only without a film's curve.
        scene.view_settings.view_transform = "Standard"
        scene.view_settings.look = "None"

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the cameras of the scene."""
        return tuple(self._objects())

    def render(self, view: View) -> Images:
        """The passes of a view that has been checked, by name.

        Raises:
            RenderError: If there is no such camera, engine or pass here.
            SystemLibraryMissing: If the engine needs a library that is not there.
        """
        shot = self._shot(view)
        return self._completed(self._engine(view.engine).render(shot.rendering()), shot)

    @property
    def objects(self) -> tuple[ObjectEntry, ...]:
        """Everything that can be seen, by id."""
        return self._instances.entries()

    def capture(self, view: View, with_objects: bool) -> Capture:
        """The passes of a view with the geometry of the camera, and perhaps with the objects in sight.

        Raises:
            RenderError: If there is no such camera, engine or pass here.
            SystemLibraryMissing: If the engine needs a library that is not there.
        """
        check_view(view)
        engine, shot = self._engine(view.engine), self._shot(view)
        images = engine.render(shot.rendering("segmentation") if with_objects else shot.rendering())
        objects: tuple[SeenObject, ...] = ()
        if with_objects:
            objects = objects_in_sight(shot, self._loaded, self._instances, images["segmentation"], engine.pixels_alone)
        return Capture(
            images=self._completed(images, shot),
            intrinsics=shot.intrinsics,
            world_to_camera=shot.world_to_camera,
            blender_camera=BlenderCamera(**shot.lens._asdict(), clip_start=shot.near, clip_end=shot.far),
            objects=objects,
        )

    def scene_changed(self) -> None:
        """Tells the engines that lights or materials may be others than before."""
        for engine in self._engines.values():
            engine.scene_changed()

    def _shot(self, view: View) -> Shot:
        cameras = self._objects()
        if view.camera not in cameras:
            known = ", ".join(cameras) or "none at all"
            raise RenderError(f"The scene has no camera {view.camera!r}; it has {known}.")
        return aim(self._loaded, cameras[view.camera], view)

    def _completed(self, rendered: Images, shot: Shot) -> Images:
        facts = Facts(shot.intrinsics, shot.world_to_camera, shot.far, self._instances.category_numbers())
        return completed(rendered, shot.view.passes, facts)

    def _objects(self) -> Mapping[str, bpy.types.Object]:
        return {name: obj for name, obj in self._loaded.objects.items() if obj.type == "CAMERA"}

    def _engine(self, name: str) -> Engine:
        if name not in self._engines:
            self._engines[name] = self._make_cycles() if name == "cycles" else self._make_drawn(name)
        return self._engines[name]

    def _make_cycles(self) -> Engine:
        from blendgym.blender.render.cycles import Cycles

        return Cycles(self._loaded, self._instances, MotionBlur(self._loaded, self._sweep))

    def _make_drawn(self, name: str) -> Engine:
        """The engines on the graphics stack share one drawing of annotations."""
        require_egl()
        compat.make_gpu_context()
        from blendgym.blender.render.drawables import Stage
        from blendgym.blender.render.geometry_passes import GeometryPasses
        from blendgym.blender.render.raster import Raster
        from blendgym.blender.render.viewport import Eevee, Workbench

        if self._geometry is None:
            self._stage = Stage(self._instances)
            self._geometry = GeometryPasses(self._stage)
        if name == "raster":
            return Raster(self._loaded, self._stage, self._geometry)
        return (Eevee if name == "eevee" else Workbench)(self._loaded, self._geometry)


def _show_what_is_rendered(scene: bpy.types.Scene) -> None:
    """Engines that draw a 3D view go by its visibility, Cycles by that of renders. Bodies stay for the physics."""
    for obj in scene.objects:
        if obj.type in VISIBLE_TYPES and obj.rigid_body is None and obj.hide_viewport != obj.hide_render:
            obj.hide_viewport = obj.hide_render
