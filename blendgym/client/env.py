"""The Gymnasium environment of any task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from blendgym.client.connection.connection import Connection
from blendgym.client.error_context import error_info, locate
from blendgym.client.host import Host
from blendgym.client.link import Link
from blendgym.client.pictured import Pictured
from blendgym.client.playing import keys_to_action
from blendgym.client.randomizer import draw_seed
from blendgym.client.restarts import RestartLimit
from blendgym.client.settings import RENDER_MODES, Settings
from blendgym.client.states import State, TakenActions, check_state
from blendgym.errors import BlendgymError
from blendgym.images.appearance import Appearance
from blendgym.images.captures import Capture
from blendgym.images.views import View
from blendgym.parameters.sources import Source
from blendgym.parameters.space import ParameterSpace
from blendgym.wire import messages

KEPT_IN_COPIES = ("spec", "_np_random", "_np_random_seed")
"""What Gymnasium keeps in an environment."""


class BlendEnv(Pictured, gym.Env[Any, Any]):
    """An environment whose physics and pixels come from a Blender process of its own.

    Blender is launched by the first ``reset()``, and again by a ``reset()`` that finds it dead or silent. An episode
    depends on its seed, parameters and actions alone, so a new process continues where the old one would have been.

    A copy (``copy.deepcopy``, ``pickle``) is an environment with the same arguments and random numbers, at the same
    moment of the same episode. Its own Blender is launched once it is used.

    Args:
        task: The task, as ``module:Class``.
        arguments: Those of ``blendgym.client.settings.Settings``, and those of the task.

    Raises:
        TaskNotFound: If there is no such task.
        InvalidOption: If an argument has a wrong value, or the task does not take an option.
        BlenderNotFound: If a window is asked for, and there is no Blender to open it.
        DisplayNotFound: If there is no display for it.
    """

    metadata: dict[str, Any] = {"render_modes": list(RENDER_MODES)}  # noqa: RUF012 (Gymnasium's declaration)

    def __init__(self, task: str, **arguments: Any) -> None:
        settings = self._settings = Settings(task, **arguments)
        settings.refuse_unseen()
        self._arguments = {"task": task, **arguments}
        self.task = settings.task
        self.action_space, self.observation_space = settings.action_space, settings.observation_space
        self.metadata, self.render_mode = settings.metadata, settings.render_mode
        self._clips = settings.clips_actions
        self._host = Host(settings, 1, RestartLimit(settings.max_restarts))
        self._randomizer = settings.make_randomizer()
        self._observation: Any = None
        self._step = 0
        self._appearance: Appearance | None = None
        self._actions = TakenActions(settings)
        self._copied: State | None = None  # The moment that this is a copy of, until it is used.

    def __getstate__(self) -> dict[str, Any]:
        """What a copy is made of."""
        copied = {name: vars(self).get(name) for name in KEPT_IN_COPIES}
        return {**copied, "arguments": self._arguments, "source": self._randomizer.source, "moment": self._moment()}

    def __setstate__(self, copied: dict[str, Any]) -> None:
        """Becomes a copy; its server comes later."""
        self.__init__(**copied["arguments"])  # type: ignore[misc]
        vars(self).update((name, copied[name]) for name in KEPT_IN_COPIES)
        self._randomizer.source, self._copied = copied["source"], copied["moment"]
        if self._copied:
            self._randomizer.record = self._copied.record

    def _moment(self) -> State | None:
        """The present moment, if there is an episode."""
        if self._copied or self._host.is_closed or self._host.link_of(0) is None:
            return self._copied
        return self.state()

    def reset(self, *, seed: int | None = None, options: Mapping[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Begins an episode, on a fresh server if there is none that answers, such as after ``close()``.

        Args:
            seed: Seeds ``np_random``, from which the seeds of this and all further episodes are drawn.
            options: ``{"params": {name: value}}`` sets randomization parameters for this episode; the others are drawn
                if they are randomized, and otherwise nominal. ``{"appearance": {...}}`` lets this episode look
                differently. ``{"replay": info["randomization"]}`` plays an earlier episode again.

        Returns:
            The first observation, and an info: ``"is_success"``, which is ``False``; and unless ``expose="hidden"``,
            ``"params"``, all values in effect by name, read back from Blender, and ``"randomization"``, the
            ``Randomizer.record`` of the episode.

        Raises:
            InvalidParameter: If a parameter is unknown or its value wrong; nothing has changed then.
            InvalidOption: If there are other options, or the appearance makes no sense; likewise.
            AssetError: If an image of the appearance is missing or damaged; likewise.
            RenderError: If what is observed cannot be rendered.
            ServerError: If Blender does not start, dies or does not answer in time.
        """
        given = self._settings.read_options(options or {})
        self._host.open()
        self._connect()  # A launch that fails draws no seed.
        super().reset(seed=seed)
        episode = self._randomizer.next_episode(draw_seed(self.np_random), self.np_random_seed, given)
        return self._begin(episode)

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Applies an action for one control period.

        Args:
            action: An element of ``action_space``, in any dtype of its kind. A few units in the last place beyond a
                bound count as the bound; what is farther out is refused, unless ``out_of_range="clip"``.

        Returns:
            Observation, reward, whether the task has ended the episode, ``False`` (time limits belong to the id), and
            an info: ``"is_success"``, whether the episode would count as a success if it ended now; and the
            ``"randomization"`` of the episode if there is any, and it is not hidden. After an error with
            ``on_error="truncate"``: the last observation, no reward, a truncation, no success, and ``"error"``, a dict
            of its ``code`` and ``message``, the ``seed`` of the episode and the ``step``.

        Raises:
            InvalidAction: If the action is not in the action space; nothing has moved then.
            ResetNeeded: Before the first ``reset()``, and after the end of an episode.
            EnvironmentClosed: After ``close()``.
            ServerError: If Blender dies or does not answer in time; ``reset()`` works again. Its ``details`` have the
                ``seed`` of the episode and the ``step``.
        """
        link = self._link("step()")
        valid = self.task.action_space.validate(action, self._clips)
        connection = link.connection
        link.steps += 1
        self._step += 1
        try:
            connection.send(messages.Step(actions=valid[None]))
            told = self._randomizer.step_info()  # While Blender works.
            stepped = connection.receive(messages.Stepped)
            for fault in stepped.faults.values():
                raise fault.error()
        except BlendgymError as error:
            link.note(error)
            seed = self._randomizer.record["seed"]
            if not self._settings.truncates_on_error:
                locate(error, seed, self._step)
                raise
            what = error_info(error, seed, self._step)
            info = {"is_success": False, **self._randomizer.step_info(), "error": what}
            return self._observation, 0.0, False, True, info
        self._actions.add(valid)
        self._observation = self._composed(stepped)
        told["is_success"] = stepped.successes[0]
        return self._observation, stepped.rewards[0], stepped.terminated[0], False, told

    def state(self) -> State:
        """The present moment of the episode, to come back to with ``restore``, here or in another process.

        Raises:
            ResetNeeded: Before the first ``reset()``.
            EnvironmentClosed: After ``close()``.
        """
        welcome = self._link("state()").connection.welcome
        return State(
            self._settings.task_name, self._settings.options, welcome.scene_hash, self._randomizer.record,
            self._appearance, self._actions.array(),
        )  # fmt: skip

    def restore(self, state: State) -> tuple[Any, dict[str, Any]]:
        """Comes back to a moment of an episode, bit for bit, whatever was in between; the episode goes on from there.

        Blender plays its actions again, without rendering or a message for each, so this takes time for each step that
        the episode is old: some 80 µs for a cart-pole. The seeds of further episodes are drawn as if nothing had
        happened. Wrappers do not notice: ``TimeLimit`` goes on counting, so plan with ``env.unwrapped``, whose steps it
        does not count.

        Args:
            state: What ``state()`` has given, of this environment or another one of the same task and scene.

        Returns:
            The observation of that moment, and the info of the episode's reset.

        Raises:
            InvalidOption: If it is a state of another task or scene.
            EnvironmentClosed: After ``close()``.
            ServerError: If Blender does not start, dies or does not answer in time.
        """
        check_state(state, self._settings, self._connect().welcome.scene_hash)
        episode = self._randomizer.restored_episode(state.record, state.appearance, state.actions)
        return self._begin(episode)

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
        return self._shown()

    def close(self) -> None:
        """Ends Blender, until the next ``reset()``. Never raises because of a server that is gone."""
        self._host.close()

    def get_keys_to_action(self) -> dict[tuple[str, ...], Any]:
        """Which keys take which actions, where ``gymnasium.utils.play`` looks for it.

        Raises:
            InvalidOption: If the task has no keys.
        """
        return keys_to_action(self.task)

    def set_source(self, source: Source) -> None:
        """Takes the parameters of the episodes from now on from another source than the priors, such as a teacher.

        Raises:
            InvalidParameter: If it draws parameters that the environment does not have, or others than it shows.
        """
        self._randomizer.set_source(source)

    @property
    def randomized(self) -> ParameterSpace:
        """The parameters that are drawn for its episodes."""
        return self._randomizer.source.space

    @property
    def randomization(self) -> dict[str, Any]:
        """The record of the present episode; see ``Randomizer``."""
        return self._randomizer.record

    def ping(self) -> None:
        """Makes one round trip to Blender's main loop; launches it if need be.

        Raises:
            ServerError: If Blender dies or does not answer within the deadline of a step.
        """
        self._connect().request(messages.Ping(), messages.Pong)

    def _begin(self, episode: messages.Episode) -> tuple[Any, dict[str, Any]]:
        began = self._host.reset(episode)
        for fault in began.faults.values():
            error = fault.error()
            locate(error, episode.seed, 0)
            raise error
        self._copied = None
        self._appearance = episode.appearance
        self._actions.begin(episode.actions)
        self._observation = self._composed(began)
        self._step = 0 if episode.actions is None else len(episode.actions)
        return self._observation, {"is_success": False, **self._randomizer.reset_info(began.parameters[0])}

    def _composed(self, reply: messages.Began | messages.Stepped) -> Any:
        observations = self._settings.observations
        unit = self._randomizer.unit if observations.context else None
        return observations.compose_row(reply.observations, 0, unit)

    def _captured(self, views: tuple[View, ...], call: str) -> tuple[Capture, ...]:
        self._link(call)  # A copy comes to its moment first.
        return super()._captured(views, call)

    def _connect(self) -> Connection:
        return self._host.connect().connection

    def _link(self, call: str) -> Link:
        """The link to the server that has the episode."""
        link = self._host.link_of(0)
        if link is not None:
            return link
        if self._copied:
            self.restore(self._copied)
        return self._host.playing_link(0, call)
