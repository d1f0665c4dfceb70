"""Simulated time: which frame it is, and how long a frame lasts."""

from __future__ import annotations

import bpy

from blendgym.blender.physics.saved_state import keep_time
from blendgym.errors import SceneError

LAST_FRAME = 1_048_574  # the highest that Blender's point cache takes
SHORT_CACHE = 4096  # frames; every reset clears a byte for each, and a million would fill the processor's cache
LEAD = 3  # frames in which an episode is prepared
HIGHEST_RATE = 32_767  # the highest that Blender takes for frames per second, where it takes no fractions


class Clock:
    """The frames of a scene.

    Args:
        scene: The scene; its keys keep their time in seconds.
        first_frame: In which an episode begins, after some earlier ones that prepare it.
        frame_rate: Frames per simulated second, in Hz.
        substeps: Physics steps in one frame.

    Attributes:
        period: Simulated seconds in one frame.
        frame: The current one.
    """

    def __init__(self, scene: bpy.types.Scene, first_frame: int, frame_rate: float, substeps: int) -> None:
        self._scene, self._physics = scene, scene.rigidbody_world
        self._first_frame, self.frame = first_frame, first_frame
        self.period = 1.0 / frame_rate
        keep_time(scene, first_frame, frame_rate * scene.render.fps_base / scene.render.fps)
        # Blender's rate is a whole number over a fraction.
        scene.render.fps = min(max(round(frame_rate), 1), HIGHEST_RATE)
        scene.render.fps_base = scene.render.fps / frame_rate
        scene.render.frame_map_old = scene.render.frame_map_new
        scene.frame_end = LAST_FRAME
        self._cached_until = LAST_FRAME
        if self._physics:
            self._physics.enabled = True
            self._physics.time_scale = 1.0
            self._physics.substeps_per_frame = substeps
            self._physics.point_cache.frame_start = first_frame - LEAD
            self._shorten_cache()

    @property
    def time(self) -> float:
        """Simulated time since the episode began, in s."""
        return (self.frame - self._first_frame) * self.period

    def show_lead(self) -> None:
        """Goes to the first of the frames that prepare an episode, to see what the file moves by then."""
        self._scene.frame_set(self._first_frame - LEAD)

    def rewind(self) -> None:
        """Goes back to before the first of the frames that prepare an episode, and forgets what was simulated."""
        self.frame = self._first_frame - LEAD - 1
        if self._physics:
            self._shorten_cache()

    def tick(self) -> None:
        """Simulates one frame.

        Raises:
            SceneError: At the last frame that Blender can simulate.
        """
        if self.frame >= self._cached_until:
            self._lengthen_cache()
        self.frame += 1
        self._scene.frame_set(self.frame)

    def _shorten_cache(self) -> None:
        self._set_cache(self._first_frame + SHORT_CACHE)

    def _lengthen_cache(self) -> None:
        if self.frame >= LAST_FRAME:
            raise SceneError(f"An episode ends with frame {LAST_FRAME}, the last that Blender has; reset it.")
        self._set_cache(min(4 * self._cached_until - 3 * self._first_frame, LAST_FRAME))

    def _set_cache(self, last_frame: int) -> None:
        self._physics.point_cache.frame_end = self._cached_until = last_frame
