"""Draws the parameters of the episodes of one environment, and keeps the record of the present one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from blendgym.client.observations import Context
from blendgym.errors import InvalidOption, InvalidParameter
from blendgym.images.appearance import Appearance
from blendgym.parameters import ParameterSpace
from blendgym.parameters.episodes import PLAIN
from blendgym.parameters.sources import Prior, Source
from blendgym.task import Task
from blendgym.wire.messages import MAX_SEED, Episode, Interval

IN_OBSERVATION = {"observation": "context", "critic": "privileged"}
"""Where observations show the randomized parameters: the key, by exposure."""

EXPOSURES = ("info", "hidden", *IN_OBSERVATION)
"""Who is told what the parameters of an episode are."""


def context_of(exposure: str, randomized: ParameterSpace) -> Context | None:
    """The part of observations that tells the parameters, if one does.

    Raises:
        InvalidOption: If there is nothing to tell.
    """
    if exposure not in IN_OBSERVATION:
        return None
    if not randomized:
        raise InvalidOption(
            f"expose={exposure!r} puts parameters that are randomized into observations, and none is; name some with "
            "randomize=, or leave it out."
        )
    return Context(IN_OBSERVATION[exposure], len(randomized))


def draw_seed(generator: np.random.Generator) -> int:
    """The seed of the next episode of an environment, from its generator."""
    return int(generator.integers(MAX_SEED, endpoint=True))


class Randomizer:
    """What the next episode of an environment is randomized to.

    Args:
        task: Of the environment.
        randomized: The parameters that are drawn.
        exposure: Who is told, one of ``EXPOSURES``.

    Attributes:
        source: Of the parameters.
        record: Of the present episode: its ``seed``; ``params``, all values that are not nominal; ``unit``, the place
            of the randomized ones in their unit cube, float64 (dimensions,); ``intervals``, what is drawn anew within
            it, the fields of an ``Interval`` for each; the task's ``tag``, ``version`` and ``trains``. With it
            ``reset(options={"replay": record})`` plays the episode again.
    """

    def __init__(self, task: Task, randomized: ParameterSpace, exposure: str) -> None:
        self._task, self._exposure = task, exposure
        self.source: Source = Prior(randomized)
        self.record: dict[str, Any] = {}

    def set_source(self, source: Source) -> None:
        """Takes parameters from another source, from the next episode on.

        Raises:
            InvalidParameter: If it draws parameters that the environment does not have, or others than the ones that
                are part of its observations.
        """
        for name in source.space:
            self._task.parameters.known(name)
        if self._exposure in IN_OBSERVATION and list(source.space) != list(self.source.space):
            raise InvalidParameter(
                f"The source draws {', '.join(source.space)}; observations show {', '.join(self.source.space)}. Make "
                "the environment with randomize= set to the source's parameters."
            )
        self.source = source

    def next_episode(self, seed: int, environment_seed: int, given: Mapping[str, Any], slot: int = 0) -> Episode:
        """The next episode; its record is the present one from now on.

        Args:
            seed: Of the episode.
            environment_seed: Of the environment.
            given: What ``Settings.read_options`` has read: parameters that are given have their values whatever the
                source says; an episode that is replayed has its own seed.
            slot: Where it is to be.
        """
        if given["replay"] is not None:
            self.record = self._replayed(given["replay"], given["parameters"])
        else:
            self.record = self._drawn(seed, environment_seed, given["parameters"])
        return self._episode(given["appearance"], slot)

    def restored_episode(
        self, record: Mapping[str, Any], appearance: Appearance | None, actions: NDArray[Any], slot: int = 0
    ) -> Episode:
        """An episode that begins with actions that were taken already; its record is the present one from now on.

        Args:
            record: Of the episode.
            appearance: What the scene looks like in it.
            actions: (steps, …).
            slot: Where it is to be.
        """
        self.record = self._replayed(record, {})
        return msgspec.structs.replace(self._episode(appearance, slot), actions=actions)

    def _episode(self, appearance: Appearance | None, slot: int) -> Episode:
        return Episode(
            slot=slot,
            seed=self.record["seed"],
            parameters=self.record["params"],
            appearance=appearance,
            intervals=_intervals_from(self.record["intervals"]),
        )

    @property
    def unit(self) -> NDArray[np.float32]:
        """The place of the randomized parameters in their unit cube, as agents see it: float32 (dimensions,)."""
        return np.asarray(self.record["unit"], np.float32)

    def reset_info(self, in_effect: Mapping[str, float]) -> dict[str, Any]:
        """What the info of a reset says: all values in effect, and the record; nothing if they are hidden."""
        if self._exposure == "hidden":
            return {}
        return {"params": dict(in_effect), "randomization": self._told()}

    def step_info(self) -> dict[str, Any]:
        """What the info of a step says: the record, if anything is randomized in its episode, and not hidden."""
        is_told = len(self.record["unit"]) > 0 and self._exposure != "hidden"
        return {"randomization": self._told()} if is_told else {}

    def _told(self) -> dict[str, Any]:
        """A copy of the record, without intervals where there are none: batches have no use for empty lists."""
        told = {**self.record, "params": dict(self.record["params"]), "unit": np.array(self.record["unit"])}
        intervals = [dict(each) for each in told.pop("intervals")]
        return {**told, "intervals": intervals} if intervals else told

    def _drawn(self, seed: int, environment_seed: int, pinned: Mapping[str, float]) -> dict[str, Any]:
        tasks, space = self.source.draw(seed, environment_seed), self.source.space
        drawn = space.named(space.from_unit(tasks.unit[0]))
        values = {**drawn, **pinned}
        return {
            "seed": seed,
            "params": values,
            "unit": space.to_unit(space.row(values)) if set(pinned) & set(drawn) else tasks.unit[0],
            "intervals": self._intervals(pinned),
            "tag": int(tasks.tags[0]),
            "version": tasks.version,
            "trains": bool(tasks.trains[0]),
        }

    def _replayed(self, record: Mapping[str, Any], given: Mapping[str, float]) -> dict[str, Any]:
        """The record of the same episode with some values given instead of drawn, in the cube of this environment."""
        values, space, unit = {**record["params"], **given}, self.source.space, np.asarray(record["unit"])
        row = space.row(values)
        if unit.shape != row.shape or not np.array_equal(space.from_unit(unit), row):
            unit = space.to_unit(row)
        intervals = [each for each in record["intervals"] if each["name"] not in given]
        return {**record, "params": values, "unit": unit, "intervals": intervals}

    def _intervals(self, pinned: Mapping[str, float]) -> list[dict[str, Any]]:
        rate = self._task.control_rate
        intervals = [
            Interval(parameter.name, max(1, round(parameter.interval * rate)), parameter.low, parameter.high)
            for parameter in self.source.space.values()
            if parameter.phase == "interval" and parameter.name not in pinned
        ]
        return [msgspec.structs.asdict(each) for each in intervals]


def read_parameters(task: Task, options: Mapping[str, Any]) -> dict[str, Any]:
    """What ``reset(options=...)`` says of the parameters of an episode: ``parameters``, and a record to ``replay``.

    Raises:
        InvalidParameter: If a parameter is unknown or its value wrong, or the record is none.
    """
    replay = options.get("replay")
    return {
        "parameters": task.parameters.validate(options.get("params", {})),
        "replay": None if replay is None else _read_record(task, replay),
    }


def _read_record(task: Task, record: Any) -> dict[str, Any]:
    if not isinstance(record, Mapping) or not {"seed", "params", "unit"} <= set(record):
        raise InvalidParameter(
            f"options['replay'] is {record!r:.80}; expected info['randomization'] of the episode to be played again."
        )
    for each in _intervals_from(record.get("intervals", [])):
        task.parameters.known(each.name).drawn_every(each.steps, each.low, each.high)
    unsaid = {"intervals": [], "tag": PLAIN, "version": 0, "trains": True}
    return {**unsaid, **record, "params": task.parameters.validate(record["params"])}


def _intervals_from(told: Any) -> tuple[Interval, ...]:
    """The intervals that a record tells of."""
    try:
        return msgspec.convert(told, tuple[Interval, ...])
    except msgspec.ValidationError as error:
        raise InvalidParameter(f"The 'intervals' of options['replay'] are none: {error}.") from error
