"""The Gymnasium environment of any task."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from blendgym.client.blender import find_blender
from blendgym.client.connection import Connection
from blendgym.client.deadlines import deadlines_from
from blendgym.client.launcher import ServerProcess
from blendgym.client.observations import ObservationType
from blendgym.client.spaces import gymnasium_space
from blendgym.errors import BlendgymError, EnvironmentClosed, InvalidOption, RenderError, ResetNeeded, ServerDied
from blendgym.protocol import messages
from blendgym.protocol.appearance import Appearance, make_appearance
from blendgym.protocol.capture import Capture, ObjectEntry
from blendgym.protocol.imaging import ENGINES, make_view
from blendgym.task import make_task

RENDER_MODES = ("rgb_array",)


class BlendEnv(gym.Env[Any, Any]):
    """An environment whose physics and pixels come from a Blender process of its own.

    Blender is launched by the first ``reset()``, and again by a ``reset()`` that finds it dead or silent. An episode
    depends on its seed, parameters and actions alone, so a new process continues where the old one would have been.

    Args:
        task: The task, as ``module:Class``.
        render_mode: ``"rgb_array"`` or ``None``. Gymnasium makes ``"human"`` out of the former.
        obs_type: What is observed: ``"state"``, one of ``PASSES`` such as ``"rgb"``, or several joined by underscores
            such as ``"rgb_depth"``, which make a dict.
        width: Of observed images, in pixels.
        height: Of observed images, in pixels.
        camera: Name of the camera that observations and ``render()`` look through; ``None`` for the task's own.
        engine: One of ``ENGINES``, which renders both.
        camera_options: Further arguments of ``View`` for observed images, such as ``samples`` or ``intrinsics``.
        render_width: Of ``render()``'s images, in pixels.
        render_height: Of ``render()``'s images, in pixels.
        appearance: What the scene looks like, as ``Appearance`` in plain dicts; ``None`` for how it was built.
        blender: Path of a Blender executable, or of a Python that has bpy. Default: ``$BLENDGYM_BLENDER``, then the
            bpy wheel of this Python.
        window: Opens Blender's own window, which follows the simulation and can be looked around in; needs a Blender
            executable and a display. What is changed in it by hand is changed in the simulation, and closing it ends
            the server. ``render_mode="human"``, in contrast, is Gymnasium's window: it shows the images of
            ``render()``, works with the bpy wheel, and can only be looked at.
        trust: Lets the scripts and drivers of a task's ``.blend`` run, which can do all that you can.
        deadlines: Seconds to wait for ``start``, ``reset``, ``step``, ``render``, ``close``; see ``Deadlines``.
        options: Keyword arguments of the task, such as ``action_type``.

    Raises:
        TaskNotFound: If there is no such task.
        InvalidOption: If an argument has a wrong value, or the task does not take an option.
        BlenderNotFound: If there is no Blender to launch.
        DisplayNotFound: If there is no display for a window.
    """

    metadata: dict[str, Any] = {"render_modes": list(RENDER_MODES)}  # noqa: RUF012 (Gymnasium's declaration)

    def __init__(
        self, task: str, *, render_mode: str | None = None, obs_type: str = "state", width: int = 84, height: int = 84,
        camera: str | None = None, engine: str = "raster", camera_options: Mapping[str, Any] | None = None,
        render_width: int = 640, render_height: int = 360, appearance: Mapping[str, Any] | None = None,
        blender: str | None = None, window: bool = False, trust: bool = False,
        deadlines: Mapping[str, float] | None = None, **options: Any,
    ) -> None:  # fmt: skip
        if render_mode not in (None, *RENDER_MODES):
            raise InvalidOption(f"render_mode is {render_mode!r}; expected None or one of {', '.join(RENDER_MODES)}.")
        self.task = make_task(task, options)
        self.action_space = gymnasium_space(self.task.action_space)
        self.metadata = {**type(self).metadata, "render_fps": self.task.control_rate}
        self.render_mode = render_mode
        self._task_name, self._options = task, options
        self._look = {"camera": camera or self.task.camera, "engine": engine}
        self._observations = ObservationType(
            obs_type, self.task.observation_space, width=width, height=height, **self._look, **(camera_options or {})
        )
        self.observation_space = self._observations.space
        self._shown = make_view(width=render_width, height=render_height, **self._look)
        self._appearance = self._checked_appearance(appearance)
        self._launch: dict[str, Any] = {"blender": blender, "window": window, "trust": trust}
        if window:
            find_blender(blender).require_window()
        self._deadlines = deadlines_from(deadlines or {})
        self._server: ServerProcess | None = None
        self._connection: Connection | None = None
        self._closed = False

    def reset(self, *, seed: int | None = None, options: Mapping[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Begins an episode, on a fresh server if there is none that answers.

        Args:
            seed: Seeds ``np_random``, from which the seeds of this and all further episodes are drawn.
            options: ``{"params": {name: value}}`` sets randomization parameters for this episode; the others have
                their nominal values. ``{"appearance": {...}}`` lets this episode look differently.

        Returns:
            The first observation, and ``{"params": {name: value}}`` with what is in effect, read back from Blender.

        Raises:
            InvalidParameter: If a parameter is unknown or its value wrong; nothing has changed then.
            InvalidOption: If there are other options, or the appearance makes no sense; likewise.
            AssetError: If an image of the appearance is missing or damaged; likewise.
            RenderError: If what is observed cannot be rendered.
            EnvironmentClosed: After ``close()``.
            ServerError: If Blender does not start, dies or does not answer in time.
        """
        parameters, appearance = self._read_options(options or {})
        self._connect()
        super().reset(seed=seed)
        episode_seed = int(self.np_random.integers(messages.MAX_SEED, endpoint=True))
        began = self._begin(messages.Reset(seed=episode_seed, parameters=parameters, appearance=appearance))
        return self._observations.compose(began.observation, began.images), {"params": began.parameters}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Applies an action for one control period.

        Args:
            action: An element of ``action_space``; its dtype is not converted, its values are not clipped.

        Returns:
            Observation, reward, whether the task has ended the episode, ``False`` (time limits belong to the id), and
            an empty dict.

        Raises:
            InvalidAction: If the action is not in the action space; nothing has moved then.
            ResetNeeded: Before the first ``reset()``, and after the end of an episode.
            EnvironmentClosed: After ``close()``.
            ServerError: If Blender dies or does not answer in time; ``reset()`` works again.
        """
        connection = self._connection
        if connection is None:
            raise self._not_connected("step()")
        request = messages.Step(action=self.task.action_space.validate(action))
        stepped = connection.request(request, messages.Stepped)
        observation = self._observations.compose(stepped.observation, stepped.images)
        return observation, stepped.reward, stepped.terminated, False, {}

    def render(self) -> NDArray[np.uint8] | None:
        """An image of the present state: ``uint8 (render_height, render_width, 3)``.

        Without a ``render_mode`` it is ``None``.

        Raises:
            ResetNeeded: Before the first ``reset()``.
            ServerError: If Blender dies or does not answer in time.
        """
        if self.render_mode is None:
            gym.logger.warn('render() does nothing without a render mode; use gym.make(id, render_mode="rgb_array").')
            return None
        if self._connection is None:
            raise self._not_connected("render()")
        return self._connection.request(messages.Render(view=self._shown), messages.Rendered).capture.images["rgb"]

    def capture(
        self, camera: str | None = None, passes: Iterable[str] = ("rgb",), width: int = 640, height: int = 480,
        engine: str | None = None, **options: Any,
    ) -> Capture:  # fmt: skip
        """One picture of the present state with all that is known about it; nothing moves.

        Args:
            camera: Name of a camera; ``None`` for that of the environment.
            passes: Names of ``PASSES``.
            width: In pixels.
            height: In pixels.
            engine: One of ``ENGINES``; ``None`` for that of the environment.
            options: Further arguments of ``View``: ``samples``, ``bounces``, ``denoise``, ``intrinsics``, …

        Returns:
            Images by pass, the camera's intrinsics and pose, and every object in sight with boxes and visibility.

        Raises:
            ResetNeeded: Before the first ``reset()``.
            RenderError: If the view cannot be rendered as asked.
            ServerError: If Blender dies or does not answer in time.
        """
        look = {"camera": camera or self._look["camera"], "engine": engine or self._look["engine"]}
        view = make_view(width=width, height=height, passes=tuple(passes), **look, **options)
        if self._connection is None:
            raise self._not_connected("capture()")
        return self._connection.request(messages.Render(view=view, with_objects=True), messages.Rendered).capture

    def close(self) -> None:
        """Ends Blender. May be called more than once; never raises because of a server that is gone."""
        self._closed = True
        self._disconnect()

    def ping(self) -> None:
        """Makes one round trip to Blender's main loop; launches it if need be.

        Raises:
            ServerError: If Blender dies or does not answer within the deadline of a step.
        """
        self._connect().request(messages.Ping(), messages.Pong)

    @property
    def welcome(self) -> messages.Welcome:
        """What the server says about itself: versions, scene, specs. Launches it if need be."""
        return self._connect().welcome

    @property
    def server_pid(self) -> int | None:
        """Process id of Blender, while there is one."""
        return self._server.pid if self._server else None

    @property
    def objects(self) -> dict[int, ObjectEntry]:
        """What the ids of a segmentation stand for. Launches Blender if need be."""
        return {entry.id: entry for entry in self.welcome.objects}

    def _checked_appearance(self, description: Any) -> Appearance | None:
        if description is None:
            return None
        appearance = make_appearance(description)
        engine = self._look["engine"]
        if appearance.needs_sky and (self._observations.view or self.render_mode) and not ENGINES[engine].lights_by_sky:
            able = " or ".join(name for name, each in ENGINES.items() if each.lights_by_sky)
            raise RenderError(f"Engine {engine!r} cannot show an HDRI or a physical sky; that needs {able}.")
        return appearance

    def _read_options(self, options: Mapping[str, Any]) -> tuple[dict[str, float], Appearance | None]:
        unknown = [name for name in options if name not in ("params", "appearance")]
        if unknown:
            raise InvalidOption(
                f"reset() knows the options 'params' and 'appearance', got {', '.join(map(repr, unknown))}."
            )
        parameters = self.task.parameters.validate(options.get("params", {}))
        changed = self._checked_appearance(options.get("appearance"))
        return parameters, changed if changed is not None else self._appearance

    def _begin(self, request: messages.Reset) -> messages.Began:
        """Begins an episode; a server that died since the last one, however recently, is replaced."""
        known = self._server
        try:
            return self._connect().request(request, messages.Began)
        except ServerDied:
            if self._server is not known:
                raise
            return self._connect().request(request, messages.Began)

    def _connect(self) -> Connection:
        """The connection to a server that is alive and owes no reply; a new server if there is none."""
        if self._closed:
            raise EnvironmentClosed("The environment is closed; make a new one.")
        if self._connection and self._server and self._server.is_running() and not self._connection.is_poisoned:
            return self._connection
        self._disconnect()
        self._server = ServerProcess(self._task_name, self._options, deadlines=self._deadlines, **self._launch)
        warm_up = (self._shown,) if self.render_mode else ()
        try:
            self._connection = Connection(self._server, self._deadlines, self._observations.view, warm_up)
        except BaseException:
            self._disconnect()
            raise
        return self._connection

    def _disconnect(self) -> None:
        connection, server = self._connection, self._server
        self._connection = self._server = None
        grace = 0.0
        if connection and server and server.is_running() and not connection.is_poisoned:
            try:
                connection.request(messages.Close(), messages.Closed)
                grace = self._deadlines.close
            except BlendgymError:
                pass  # It is killed below.
        if connection:
            connection.close()
        if server:
            server.stop(grace)

    def _not_connected(self, call: str) -> BlendgymError:
        if self._closed:
            return EnvironmentClosed("The environment is closed; make a new one.")
        return ResetNeeded(f"{call} was called before the first reset(); call reset() first.")
