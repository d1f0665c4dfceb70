"""The look of a camera: where it stands, where it looks, and how wide."""

from __future__ import annotations

import math

import bpy
from mathutils import Euler, Matrix, Vector

from blendgym.blender.looks.aspect import Aspect, Numbers
from blendgym.blender.looks.poses import Pose, azimuth_of, looking, rotation_of
from blendgym.errors import SceneError

Point = tuple[float, float, float]


class CameraPose(Aspect):
    """A camera that looks at a target from anywhere around it.

    ``distance`` is horizontal, in m; ``azimuth`` is the direction from the target to the camera, in rad from +x towards
    +y; ``height`` is the camera's z, in m. From there it looks at the target, and is then turned about its own axes, in
    rad: ``pan`` to the left, ``tilt`` upwards, ``roll`` counterclockwise. All are in the frame of what the camera is
    attached to, or of the world.

    Args:
        obj: The camera's object, as it was built.
        target: In m.
        name: Of the camera, for messages.

    Raises:
        SceneError: If it stands straight above or below the target.
    """

    angles = frozenset({"azimuth", "pan", "tilt", "roll"})

    def __init__(self, obj: bpy.types.Object, target: Point, name: str) -> None:
        self._pose, self._target = Pose(obj), Vector(target)
        if math.isnan(azimuth_of(self._pose.matrix.to_translation() - self._target)):
            raise SceneError(f"Camera {name!r} is straight above or below its target {target}; choose another target.")
        super().__init__()

    def state(self) -> Matrix:
        return self._pose.matrix

    def measure(self, state: Matrix) -> Numbers:
        location = state.to_translation()
        offset = location - self._target
        turned = (looking(-offset).transposed() @ rotation_of(state)).to_euler("ZXY")
        return {
            "distance": math.hypot(offset.x, offset.y), "azimuth": azimuth_of(offset), "height": location.z,
            "pan": turned.y, "tilt": turned.x, "roll": turned.z,
        }  # fmt: skip

    def show(self, numbers: Numbers) -> None:
        distance, azimuth = numbers["distance"], numbers["azimuth"]
        across = Vector((distance * math.cos(azimuth), distance * math.sin(azimuth), 0.0))
        location = self._target + across
        location.z = numbers["height"]
        turned = Euler((numbers["tilt"], numbers["pan"], numbers["roll"]), "ZXY").to_matrix()
        self._pose.move(location, looking(self._target - location) @ turned)

    def restore(self) -> None:
        self._pose.restore()


class CameraLens(Aspect):
    """``field_of_view``, in rad, along the side of the image that the camera's sensor is fitted to.

    Args:
        camera: As it was built.
    """

    def __init__(self, camera: bpy.types.Camera) -> None:
        self._camera, self._own = camera, camera.lens
        super().__init__()

    def state(self) -> float:
        return self._camera.angle

    def measure(self, state: float) -> Numbers:
        return {"field_of_view": state}

    def show(self, numbers: Numbers) -> None:
        self._camera.angle = numbers["field_of_view"]

    def restore(self) -> None:
        self._camera.lens = self._own
