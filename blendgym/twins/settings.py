"""What environments of twins are made with."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.checks import check_choice
from blendgym.client.observations import Observations
from blendgym.client.playing import whole
from blendgym.client.randomizer import EXPOSURES, IN_OBSERVATION, Randomizer, context_of, read_parameters
from blendgym.client.settings import OUT_OF_RANGE, Settings, refuse_unseen
from blendgym.client.spaces import gymnasium_space
from blendgym.errors import InvalidOption, InvalidParameter, UnknownArgument
from blendgym.parameters.selection import Selection, select
from blendgym.task import make_task
from blendgym.twins.making import twin_class
from blendgym.twins.twin import Twin
from blendgym.wire.messages import Episode

OPTIONS = ("params", "replay")


class TwinSettings:
    """The arguments that all environments of twins have in common.

    Args:
        task: The task, as ``module:Class``.
        twin: The twin of the task, as ``module:Class``.
        render_mode: ``None``: a twin has no pictures.
        randomize: Which parameters are drawn from their priors at every reset, as ``BlendEnv`` takes it.
        expose: Who is told the parameters of an episode, as ``BlendEnv`` takes it.
        out_of_range: What becomes of actions out of their bounds, as ``BlendEnv`` takes it.
        options: Keyword arguments of the task, such as ``action_type``.

    Attributes:
        task: The task, for its declarations.
        action_space: The space of an action of one environment.
        observation_space: The space of an observation of one environment.
        metadata: Gymnasium's.
        render_mode: Gymnasium's, ``None``.
        clips_actions: Whether actions are brought to their bounds.
        observations: Puts observations together.

    Raises:
        TaskNotFound: If there is no such task.
        UnknownArgument: If there is a render mode, or an option that is for Blender, or that the task does not take.
        InvalidOption: If an argument has a wrong value.
        InvalidParameter: If parameters that are to be randomized are unknown or cannot be.
    """

    def __init__(
        self, task: str, twin: str, render_mode: str | None, randomize: Selection, expose: str, out_of_range: str,
        options: dict[str, Any],
    ) -> None:  # fmt: skip
        if render_mode is not None:
            raise UnknownArgument(f"render_mode is {render_mode!r}, but a twin has no pictures; leave it out.")
        _refuse_blenders(options)
        check_choice("expose", expose, EXPOSURES)
        check_choice("out_of_range", out_of_range, OUT_OF_RANGE)
        self.task = make_task(task, options, others=("randomize", "expose", "out_of_range"))
        self.render_mode: str | None = None
        self.clips_actions = out_of_range == "clip"
        self._exposure, self._twin = expose, twin_class(twin)
        self._randomized = select(self.task.parameters, randomize)
        _refuse_changing([name for name, parameter in self._randomized.items() if parameter.phase == "interval"])
        self.observations = Observations(self.task.observation_space, context=context_of(expose, self._randomized))
        refuse_unseen(self._randomized, expose in IN_OBSERVATION)
        self.action_space = gymnasium_space(self.task.action_space)
        self.observation_space = self.observations.space
        self.metadata: dict[str, Any] = {"render_modes": [], "render_fps": whole(self.task.control_rate)}

    def make_twin(self, num_envs: int, max_episode_steps: int) -> Twin:
        """The twin itself."""
        return self._twin(self.task, num_envs, max_episode_steps, self.task.parameters)

    def make_randomizer(self) -> Randomizer:
        """What randomizes one environment."""
        return Randomizer(self.task, self._randomized, self._exposure)

    def read_options(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """What ``reset(options=...)`` says of one episode.

        Raises:
            InvalidParameter: If a parameter is unknown or its value wrong.
            InvalidOption: If there are other options.
        """
        unknown = [name for name in options if name not in OPTIONS]
        if unknown:
            raise InvalidOption(
                f"reset() of a twin knows the options {', '.join(map(repr, OPTIONS))}, got "
                f"{', '.join(map(repr, unknown))}."
            )
        read = read_parameters(self.task, options)
        if read["replay"]:
            _refuse_changing([interval["name"] for interval in read["replay"]["intervals"]])
        return {**read, "appearance": None}

    def values_of(self, episodes: Sequence[Episode]) -> dict[str, NDArray[np.float64]]:
        """All parameters of some episodes, as arrays by name."""
        parameters = self.task.parameters
        rows = np.array([parameters.row(episode.parameters) for episode in episodes])
        return dict(zip(parameters, rows.T, strict=True))

    def told(self, values: Mapping[str, NDArray[np.float64]], row: int, randomizer: Randomizer) -> dict[str, Any]:
        """The info of an episode that begins."""
        in_effect = {name: float(column[row]) for name, column in values.items()}
        return {"is_success": False, **randomizer.reset_info(in_effect)}


def _refuse_blenders(options: Mapping[str, Any]) -> None:
    """Refuses arguments that environments in Blender take, and that therefore are none of a task's."""
    in_vain = [name for name in options if name in inspect.signature(Settings).parameters]
    if in_vain:
        raise UnknownArgument(
            f"{', '.join(in_vain)}: for environments in Blender, while a twin is simulated in this process and has no "
            "pictures; leave it out."
        )


def _refuse_changing(names: Sequence[str]) -> None:
    if names:
        raise InvalidParameter(
            f"The parameters of a twin stay what they are within an episode; {', '.join(names)} cannot have the phase "
            '"interval". Use the environment in Blender.'
        )
