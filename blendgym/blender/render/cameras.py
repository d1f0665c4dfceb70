"""The front of all cameras: a view goes in, images and annotations come out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from blendgym.blender import compat
from blendgym.blender.image_files import faults_of_images
from blendgym.blender.imaging.exposure import exposed, through_lens
from blendgym.blender.imaging.imaging import Imaging
from blendgym.blender.imaging.lens_map import LensMap
from blendgym.blender.render.annotations import objects_in_sight
from blendgym.blender.render.cycles.motion_blur import MotionBlur, Sweep
from blendgym.blender.render.drawing_threads import choose_drawing_threads
from blendgym.blender.render.instances import Instances
from blendgym.blender.render.keypoints import keypoint_array, keypoints
from blendgym.blender.render.render_values import show_render_values
from blendgym.blender.render.settings import neutralize
from blendgym.blender.render.shader_nodes.surfaces import Surfaces
from blendgym.blender.render.shot import Shot, aim
from blendgym.blender.render.visibility import Visibility
from blendgym.blender.scenes import LoadedScene
from blendgym.blender.system_libraries import missing_egl_packages, require_egl
from blendgym.errors import RenderError
from blendgym.faults import Faults
from blendgym.geometry import Box
from blendgym.images.captures import BlenderCamera, Capture, ObjectEntry, SeenObject
from blendgym.images.engines import ENGINES
from blendgym.images.passes import Facts, completed
from blendgym.images.projections import Projection
from blendgym.images.views import KEYPOINTS, View, make_view
from blendgym.names import missing

Images = dict[str, NDArray[Any]]

IDEAL = Imaging()
LENS_MAPS = 4
"""How many are kept; each is for one camera and size of picture."""


class Engine(Protocol):
    """One way to render colours."""

    def render(self, shot: Shot, passes: Sequence[str]) -> Images:
        """Colour passes of a shot, by name."""

    def scene_changed(self) -> None:
        """Lights or materials may be others than before."""


class Annotator(Protocol):
    """What makes the annotations, for all engines alike."""

    def render(self, shot: Shot, passes: Sequence[str]) -> Images:
        """Depth, normals or segmentation of a shot, by name."""

    def pixels_alone(self, shot: Shot, boxes: Mapping[int, Box]) -> dict[int, int]:
        """How many pixels things would cover if there were no other, from boxes around each."""


class Cameras:
    """Renders any view of a scene. An engine is made when it is first asked for.

    Args:
        loaded: The scene.
        sweep: Where its bodies were some seconds ago, and where they are.

    Attributes:
        imagings: What lens and sensor of each camera do, by name.
    """

    def __init__(self, loaded: LoadedScene, sweep: Sweep) -> None:
        self._loaded, self._sweep = loaded, sweep
        self._engines: dict[str, Engine] = {}
        self._annotators: dict[bool, Annotator] = {}
        self._stage: Any = None
        self._faults_of_values = show_render_values(loaded)
        self._visibility = Visibility(loaded)
        self._instances = Instances(loaded)
        neutralize(loaded.scene, loaded.view_layer)
        self._surfaces = Surfaces()
        self.imagings = {name: Imaging() for name in self.names}
        self._lens_map, self._seed = lru_cache(LENS_MAPS)(_lens_map), 0

    @cached_property
    def _faults(self) -> Faults:
        """Why there are no pictures. Whoever needs none need not mind, nor wait for images to be read."""
        faults = Faults("What pictures show", RenderError)
        for fault in (*self._faults_of_values, *faults_of_images(self._loaded)):
            faults.add(fault)
        return faults

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the cameras of the scene."""
        return tuple(self._loaded.of_type("CAMERA"))

    def render(self, view: View) -> Images:
        """What an observation has of a view that has been checked: its passes and keypoints, by name.

        Raises:
            RenderError: If there is no such camera, engine or pass here.
            SystemLibraryMissing: If the engine needs a library that is not there.
        """
        shot = self._shot(view)
        images = self._completed(self._rendered(shot.rendering()), shot)
        return {**images, KEYPOINTS: keypoint_array(keypoints(shot, self._loaded), shot)} if view.keypoints else images

    @property
    def objects(self) -> tuple[ObjectEntry, ...]:
        """Everything that can be seen, by id."""
        return self._instances.entries()

    @property
    def shows_as_built(self) -> bool:
        """Whether nothing has been seen beyond the scene as it was built."""
        return self._instances.is_as_built

    def capture(self, view: View) -> Capture:
        """The passes of a view that has been checked, with the geometry of the camera, and perhaps what is in sight.

        Raises:
            RenderError: If there is no such camera, engine or pass here.
            SystemLibraryMissing: If the engine needs a library that is not there.
        """
        shot = self._shot(view)
        images = self._rendered(shot.rendering("segmentation") if view.describes_objects else shot.rendering())
        objects: tuple[SeenObject, ...] = ()
        if view.describes_objects:
            pixels_alone = self._annotator(shot).pixels_alone if view.visibility else None
            objects = objects_in_sight(shot, self._instances, images["segmentation"], pixels_alone)
        return Capture(
            images=self._completed(images, shot),
            projection=shot.projection,
            world_to_camera=shot.world_to_camera,
            blender_camera=BlenderCamera(**shot.lens._asdict(), clip_start=shot.near, clip_end=shot.far),
            objects=objects,
            keypoints=keypoints(shot, self._loaded),
        )

    def in_sight(self, camera: str, width: int, height: int, visibility: bool) -> dict[str, SeenObject]:
        """What a capture tells of every object in sight, by name.

        Args:
            camera: Name of the camera.
            width: In pixels.
            height: In pixels.
            visibility: Whether it tells how much of each is hidden, too.

        Raises:
            RenderError: If there is no such camera, or no image can be of that size.
        """
        view = make_view(
            camera=camera, width=width, height=height, passes=("segmentation",), visibility=visibility, objects=True
        )
        return {each.name: each for each in self.capture(view).objects}

    def scene_changed(self) -> None:
        """An episode has begun: lights, materials and instances may be others than before."""
        self._instances.begin()
        self._surfaces.forget()
        for engine in self._engines.values():
            engine.scene_changed()

    def begin(self, seed: int) -> None:
        """Begins an episode, whose noise comes from its seed."""
        self._seed = seed

    def _shot(self, view: View) -> Shot:
        self._faults.report()
        self._visibility.follow()
        camera = self._loaded.objects.get(view.camera)
        if camera is None or camera.type != "CAMERA":
            cure = " Say camera= which to look through." if self.names else ""
            raise RenderError(missing("camera", view.camera, self.names) + cure)
        shot = aim(self._loaded, camera, view)
        distortion = self._imaging(view).distortion
        return self._distorted(shot, distortion) if distortion else shot

    def _distorted(self, shot: Shot, distortion: tuple[float, ...]) -> Shot:
        if shot.projection.kind != "perspective":
            raise RenderError(
                f"Camera {shot.view.camera!r} is {shot.projection.kind}; OpenCV's distortion is of perspective ones. "
                "Bind k1, k2, p1, p2 and k3 to another, or ask for an ideal view (ideal=True)."
            )
        projection = msgspec.structs.replace(shot.projection, distortion=distortion)
        matrix = tuple(projection.intrinsics.ravel().tolist())
        return shot._replace(projection=projection, lens_map=self._lens_map(matrix, distortion, *shot.size))

    def _imaging(self, view: View) -> Imaging:
        return IDEAL if view.ideal else self.imagings.get(view.camera, IDEAL)

    def _completed(self, rendered: Images, shot: Shot) -> Images:
        facts = Facts(
            shot.projection, shot.ray_lengths, shot.world_to_camera, shot.far, self._instances.category_numbers
        )
        return completed(rendered, shot.view.passes, facts)

    def _rendered(self, shot: Shot) -> Images:
        """What a camera gives of a shot."""
        imaging, view = self._imaging(shot.view), shot.view
        if imaging.is_ideal:
            return self._drawn_images(shot, view.colours)
        images = self._drawn_images(shot.drawn, ("rgb_linear",) if view.colours else ())
        light = images.pop("rgb_linear", None)
        if shot.lens_map:
            images = {name: shot.lens_map.nearest(image) for name, image in images.items()}
        return images if light is None else images | self._developed(light, shot, imaging)

    def _developed(self, light: NDArray[np.float32], shot: Shot, imaging: Imaging) -> Images:
        """What lens and sensor make of the light of a shot."""
        if shot.lens_map:
            light = shot.lens_map.blended(light)
        light = through_lens(light, imaging, shot.ray_lengths)
        images: Images = {}
        if "rgb_linear" in shot.view.passes:
            images["rgb_linear"] = light
        if "rgb" in shot.view.passes:
            stops = self._loaded.scene.view_settings.exposure
            images["rgb"] = exposed(light, imaging, stops, self._noise(shot.view.camera))
        return images

    def _noise(self, camera: str) -> np.random.Generator:
        """Of this frame of the episode alone: two pictures of one moment have the same."""
        key = self._loaded.scene.frame_current - self._loaded.first_frame, *camera.encode()
        return np.random.default_rng(np.random.SeedSequence([self._seed, 2], spawn_key=key))

    def _drawn_images(self, shot: Shot, colours: Sequence[str]) -> Images:
        view = shot.view
        if colours and shot.projection.is_fisheye and not ENGINES[view.engine].is_panoramic:
            able = " or ".join(name for name, each in ENGINES.items() if each.is_panoramic)
            raise RenderError(
                f"Camera {view.camera!r} is a fisheye, whose colours need {able}; engine {view.engine!r} gives its "
                "annotations alone."
            )
        engine = self._engine(view)
        # First, for they refuse grease pencils, with which Cycles loses Blender's GPU context (4.5).
        annotations = self._annotator(shot).render(shot, view.annotations) if view.annotations else {}
        return annotations | engine.render(shot, colours)

    def _engine(self, view: View) -> Engine:
        name = view.engine
        if name not in self._engines:
            self._engines[name] = self._make_cycles() if name == "cycles" else self._make_drawn(view)
        return self._engines[name]

    def _annotator(self, shot: Shot) -> Annotator:
        by_rays = shot.projection.is_fisheye or self._cannot_draw  # Nothing else bends straight lines.
        if by_rays not in self._annotators:
            self._annotators[by_rays] = self._make_annotator(by_rays, shot.view)
        return self._annotators[by_rays]

    @cached_property
    def _cannot_draw(self) -> bool:
        return bool(missing_egl_packages())

    def _make_annotator(self, by_rays: bool, view: View) -> Annotator:
        if by_rays:
            from blendgym.blender.render.cycles.annotations import CyclesAnnotations

            return CyclesAnnotations(self._loaded, self._instances, self._surfaces)
        from blendgym.blender.render.raster.geometry_passes import GeometryPasses

        return GeometryPasses(self._drawn(view))

    def _make_cycles(self) -> Engine:
        from blendgym.blender.render.cycles.engine import Cycles

        return Cycles(self._loaded, MotionBlur(self._loaded, self._sweep))

    def _make_drawn(self, view: View) -> Engine:
        require_egl()
        stage = self._drawn(view)
        from blendgym.blender.render.raster.engine import Raster
        from blendgym.blender.render.viewport.engine import Eevee, Workbench

        if view.engine == "raster":
            return Raster(self._loaded, stage)
        if view.engine == "eevee":
            return Eevee(self._loaded)
        return Workbench(self._loaded, self._instances, self._surfaces)

    def _drawn(self, first: View) -> Any:
        """What there is to draw, for all that draws on the graphics stack."""
        if self._stage is None:
            choose_drawing_threads(first)
            compat.make_gpu_context()
            from blendgym.blender.render.raster.drawables import Stage

            self._stage = Stage(self._instances, self._surfaces)
        return self._stage


def _lens_map(matrix: tuple[float, ...], distortion: tuple[float, ...], width: int, height: int) -> LensMap:
    return LensMap(Projection("perspective", np.reshape(matrix, (3, 3)), distortion=distortion), width, height)
