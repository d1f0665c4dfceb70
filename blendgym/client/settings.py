"""What environments are made with, checked before anything is launched."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import gymnasium as gym

from blendgym.checks import check_choice, check_dicts, check_positive
from blendgym.client.connection.servers import Address, Server, addresses_of, server_source
from blendgym.client.observations import Observations, parts_of, read_views
from blendgym.client.playing import whole
from blendgym.client.process.deadlines import deadlines_from
from blendgym.client.randomizer import EXPOSURES, IN_OBSERVATION, Randomizer, context_of, read_parameters
from blendgym.client.spaces import gymnasium_space
from blendgym.errors import InvalidOption, RenderError, UnknownArgument
from blendgym.execute.cluster import LOCAL
from blendgym.images.appearance import Appearance, make_appearance
from blendgym.images.engines import ENGINES
from blendgym.images.views import View, inherited, make_shown_view
from blendgym.parameters.selection import Selection, select
from blendgym.parameters.space import ParameterSpace
from blendgym.scene_places import find_scene, read_scene
from blendgym.spaces import STATE
from blendgym.task import Task, make_task

RENDER_MODES = ("rgb_array",)
OPTIONS = ("params", "appearance", "replay")
ON_ERROR = ("raise", "truncate")
OUT_OF_RANGE = ("raise", "clip")
SIDE = 84
"""Of observed images, in pixels, if nothing else is said."""
OF_VECTORS = ("num_envs", "num_servers", "autoreset_mode")
"""What ``gym.make_vec`` takes, and ``gym.make`` does not."""


class Settings:
    """The arguments that all environments of blendgym have in common.

    Args:
        task: The task, as ``module:Class``.
        render_mode: ``"rgb_array"`` or ``None``. Gymnasium makes ``"human"`` out of the former.
        obs_type: What is observed: ``"state"``, one of ``PASSES`` such as ``"rgb"``, or several joined by underscores
            such as ``"rgb_depth"``, which make a dict.
        width: Of observed images, in pixels; by default 84.
        height: Of observed images, in pixels; by default 84.
        camera: Name of the camera that observations and ``render()`` look through; ``None`` for the task's own.
        engine: One of ``ENGINES``, which renders both.
        device: One of ``DEVICES``: what Cycles renders the colours of both on. ``"gpu"`` takes the one that Blender
            finds, through OptiX, CUDA, HIP, oneAPI or Metal; ``welcome.gpu`` names it.
        camera_options: Further arguments of ``View`` for observed images, such as ``samples`` or ``intrinsics``.
        views: Several views in place of that one: arguments of ``View`` by the name of each view. What one does not
            say is as above, the passes are those of ``obs_type``. Observations are dicts with each pass of each view,
            such as ``"wrist_rgb"``.
        render_width: Of ``render()``'s images, in pixels.
        render_height: Of ``render()``'s images, in pixels.
        appearance: What the scene looks like, as ``Appearance`` in plain dicts; ``None`` for how it was built.
        blender: Path of a Blender executable, or of a Python that has bpy. Default: ``$BLENDGYM_BLENDER``, then the
            bpy wheel of this Python.
        window: Opens Blender's own window, which follows the simulation and can be looked around in; needs a Blender
            executable and a display. What is changed in it by hand is changed in the simulation, and closing it ends
            the server. ``render_mode="human"``, in contrast, is Gymnasium's window: it shows the images of
            ``render()``, works with the bpy wheel, and can only be looked at.
        scene: Path of a ``.blend`` in which the task takes place instead of its own scene, such as one that
            ``blendgym export-scene`` has made and you have edited. Things are found in it by their names.
        trust: Lets the scripts and drivers of a ``.blend`` run, which can do all that you can.
        address: ``tcp://HOST:PORT`` of a ``blendgym serve``, instead of launching a Blender here; for environments on
            several servers a list.
        keys: Folder with the client's keys for that server.
        execute: Where servers are launched: ``"local"``, or on the nodes of a cluster, ``"ray"`` or
            ``"ray:HOST:PORT"``; see ``blendgym.execute.cluster.find_cluster``.
        deadlines: Seconds to wait for ``start``, ``reset``, ``step``, ``render``, ``close``; see ``Deadlines``.
        on_error: What ``step()`` does when Blender dies, hangs or fails: ``"raise"``, or ``"truncate"``, which ends
            the episode with ``truncated=True`` and the cause in ``info["error"]``; the next ``reset()`` goes on.
        out_of_range: What becomes of actions out of their bounds: ``"raise"``, an error, or ``"clip"``, the bounds.
            Rounding is forgiven in either case.
        max_restarts: How often a server that failed is replaced, within a minute or before an episode begins; then
            comes ``RestartLimitReached``.
        max_steps_per_server: After how many steps of all its slots a server that was launched here is replaced,
            between two episodes; ``None`` for never.
        max_rss: Above which resident memory a server is likewise replaced, in MiB; ``None`` for any.
        randomize: Which parameters are drawn from their priors at every reset, as a ``Selection``: ``"all"``, groups
            such as ``"dynamics"``, names, or narrower bounds and other phases by name.
        expose: Who is told the parameters of an episode: ``"info"``; ``"hidden"``, for nobody; ``"observation"``,
            which makes observations dicts with ``"context"``, the place of the randomized ones in their unit cube;
            ``"critic"``, the same as ``"privileged"``, for critics alone (``blendgym.agents.asymmetric``).
        options: Keyword arguments of the task, such as ``action_type``.

    Attributes:
        task: The task, for its declarations.
        action_space: Of one environment.
        observation_space: Of one environment.
        observations: Puts observations together.
        shown: What ``render()`` shows.
        warm_up: Views that are rendered once before the first episode, since they will be asked for.
        randomized: The parameters that are randomized.
        exposure: Who is told.
        clips_actions: Whether actions are brought to their bounds.
        metadata: Gymnasium's.
        options: Keyword arguments of the task.

    Raises:
        TaskNotFound: If there is no such task.
        InvalidTask: If what it declares is incomplete or wrong.
        SceneNotFound: If its scene is neither a module nor a file, or the one that is given is no ``.blend``.
        InvalidOption: If an argument has a wrong value or no effect, or the task does not take an option.
        BlenderNotFound: If a window is asked for, and there is no Blender to open it.
        DisplayNotFound: If there is no display for it.
        InvalidKeys: If a file of keys cannot be used.
        ExtraMissing: If Ray is asked for and not installed.
        RenderError: If the images make no sense.
        InvalidParameter: If parameters that are to be randomized are unknown or cannot be.
    """

    def __init__(
        self, task: str, *, render_mode: str | None = None, obs_type: str = "state", width: int | None = None,
        height: int | None = None, camera: str | None = None, engine: str = "raster", device: str = "cpu",
        camera_options: Mapping[str, Any] | None = None, views: Mapping[str, Mapping[str, Any]] | None = None,
        render_width: int = 640, render_height: int = 360, appearance: Mapping[str, Any] | None = None,
        blender: str | None = None, window: bool = False, scene: str | PathLike[str] | None = None,
        trust: bool = False, address: Address = None,
        keys: str | Path | None = None, execute: str = "local",
        deadlines: Mapping[str, float] | None = None, on_error: str = "raise", out_of_range: str = "raise",
        max_restarts: int = 5, max_steps_per_server: int | None = None,
        max_rss: int | None = None, randomize: Selection = None, expose: str = "info", **options: Any,
    ) -> None:  # fmt: skip
        check_choice("render_mode", render_mode, (None, *RENDER_MODES))
        check_choice("on_error", on_error, ON_ERROR)
        check_choice("out_of_range", out_of_range, OUT_OF_RANGE)
        _check_wear(address, execute, max_steps_per_server, max_rss)
        check_choice("expose", expose, EXPOSURES)
        check_positive(max_restarts=max_restarts, max_steps_per_server=max_steps_per_server, max_rss=max_rss)
        check_dicts(camera_options=camera_options, views=views, deadlines=deadlines)
        check_dicts(**{f"views[{name!r}]": own for name, own in (views or {}).items()})
        self.task = _task(task, options)
        self.action_space = gymnasium_space(self.task.action_space)
        self.look = {"camera": camera or self.task.camera, "engine": engine, "device": device}
        self.randomized, self.exposure = select(self.task.parameters, randomize), expose
        parts = parts_of(obs_type)
        size = {"width": SIDE if width is None else width, "height": SIDE if height is None else height}
        common = {**self.look, **size, **(camera_options or {})}
        self.observations = Observations(
            self.task.observation_space,
            read_views([part for part in parts if part != STATE], common, views),
            STATE in parts,
            context_of(expose, self.randomized),
        )
        if not self.observations.views:
            _refuse_without_images(task, obs_type, width=width, height=height, camera_options=camera_options)
        self.observation_space = self.observations.space
        self.shown = make_shown_view(width=render_width, height=render_height, ideal=True, **self.look)
        self.render_mode = render_mode
        self.warm_up: tuple[View, ...] = (self.shown,) if render_mode else ()
        self.metadata = {"render_modes": list(RENDER_MODES), "render_fps": whole(self.task.control_rate)}
        self.appearance = self._checked_appearance(appearance)
        self.deadlines = deadlines_from(deadlines or {})
        self.truncates_on_error, self.clips_actions = on_error == "truncate", out_of_range == "clip"
        self.max_restarts, self.max_steps_per_server, self.max_rss = max_restarts, max_steps_per_server, max_rss
        self.addresses = addresses_of(address)
        self.task_name, self.options = task, options
        if scene is not None:
            scene = read_scene(scene).file
        elif address is None:  # Another machine has files of its own.
            find_scene(self.task)
        self._find_server = server_source(
            task, options, blender=blender, window=window, scene=scene, trust=trust, address=address, keys=keys,
            execute=execute, deadlines=self.deadlines,
        )  # fmt: skip

    def refuse_unseen(self) -> None:
        """Refuses draws that no observation and no picture of ``render()`` would show; streams take pictures anyway.

        Raises:
            InvalidOption: If nothing else is drawn.
        """
        is_told = self.exposure in IN_OBSERVATION
        refuse_unseen(self.randomized, bool(self.observations.views) or self.render_mode is not None or is_told)

    def make_randomizer(self) -> Randomizer:
        """What randomizes one environment."""
        return Randomizer(self.task, self.randomized, self.exposure)

    def find_server(self, slots: int, number: int, count: int) -> Server:
        """Launches a server, without waiting for it, or looks for a remote one.

        Args:
            slots: How many it is to have, if it is launched.
            number: Of the server, and of its address, from 0.
            count: How many servers the environments are spread over.

        Raises:
            BlenderNotFound: If there is no Blender.
            ServerUnreachable: If nothing listens at the address.
        """
        return self._find_server(slots, number, count)

    def view(self, **arguments: Any) -> View:
        """A view whose camera, engine and device, if they are missing or ``None``, are the environment's own.

        Raises:
            RenderError: If it cannot be rendered as asked.
        """
        return make_shown_view(**inherited({"width": 640, "height": 480, **self.look}, arguments))

    def read_options(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """What ``reset(options=...)`` says of one episode: ``parameters``, ``appearance``, and a record to ``replay``.

        Raises:
            InvalidParameter: If a parameter is unknown or its value wrong.
            InvalidOption: If there are other options, or the appearance makes no sense.
        """
        unknown = [name for name in options if name not in OPTIONS]
        if unknown:
            raise InvalidOption(
                f"reset() knows the options {', '.join(map(repr, OPTIONS))}, got {', '.join(map(repr, unknown))}."
            )
        changed = self._checked_appearance(options.get("appearance"))
        return {
            **read_parameters(self.task, options),
            "appearance": changed if changed is not None else self.appearance,
        }

    def _checked_appearance(self, given: Mapping[str, Any] | None) -> Appearance | None:
        if given is None:
            return None
        appearance = make_appearance(given)
        for view in (*self.observations.views, *([self.shown] if self.render_mode else [])):
            if appearance.needs_sky and not ENGINES[view.engine].lights_by_sky:
                able = " or ".join(name for name, each in ENGINES.items() if each.lights_by_sky)
                raise RenderError(f"Engine {view.engine!r} cannot show an HDRI or a physical sky; that needs {able}.")
        return appearance


def _check_wear(address: Address, execute: str, max_steps: int | None, max_rss: int | None) -> None:
    """Refuses limits to wear where there would be nobody to replace servers, or to look at their memory."""
    if address is not None and (max_steps or max_rss):
        raise InvalidOption(
            "max_steps_per_server= and max_rss= are for servers that are launched here; one at an address= is never "
            "replaced."
        )
    if execute != LOCAL and max_rss:
        raise InvalidOption(
            f"max_rss= is for servers of this machine, and execute={execute!r} launches them elsewhere; "
            "max_steps_per_server= has them replaced there, too."
        )


def _refuse_without_images(task: str, obs_type: str, **of_images: Any) -> None:
    """Refuses what is said of images where none are observed, unless the environment is registered with it.

    Raises:
        InvalidOption: If there is such an argument.
    """
    registered = [spec.kwargs for spec in gym.registry.values() if spec.kwargs.get("task") == task]
    vain = [
        f"{name}="
        for name, value in of_images.items()
        if value and all(kwargs.get(name) != value for kwargs in registered)
    ]
    if vain:
        raise InvalidOption(
            f"{', '.join(vain)} would have no effect: obs_type={obs_type!r} has no images. Observe some, as with "
            f"obs_type='rgb', or leave that out. Pictures of render() have render_width= and render_height=."
        )


def refuse_unseen(randomized: ParameterSpace, is_seen: bool) -> None:
    """Refuses to draw nothing but what pictures show, where there are none.

    Args:
        randomized: The parameters that are randomized.
        is_seen: Whether somebody sees pictures.

    Raises:
        InvalidOption: If nobody does, and nothing else is drawn.
    """
    if is_seen or not randomized or not all(parameter.is_pictorial for parameter in randomized.values()):
        return
    raise InvalidOption(
        f"To randomize {', '.join(randomized)} would have no effect: only pictures show them, and none are observed. "
        "Observe some, as with obs_type='rgb'; take some by render() or capture(), with render_mode='rgb_array'; or "
        "randomize something else."
    )


def _task(name: str, options: dict[str, Any]) -> Task:
    for option in OF_VECTORS:
        if option in options:
            raise UnknownArgument(f"{option} is an argument of gym.make_vec, which makes several environments.")
    arguments = inspect.signature(Settings).parameters.values()
    own = [argument.name for argument in arguments if argument.kind is argument.KEYWORD_ONLY]
    return make_task(name, options, others=(*own, *OF_VECTORS))
