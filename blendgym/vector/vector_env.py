"""Many environments on a few servers, stepped together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from blendgym.client.host import Host
from blendgym.client.mishaps import error_info, locate
from blendgym.client.process.processors import leaves_processors
from blendgym.client.restarts import RestartLimit
from blendgym.client.settings import Settings, check_positive
from blendgym.client.time_limit import read_time_limit
from blendgym.errors import BlendgymError, CallOutOfOrder, EnvironmentClosed, InvalidOption, ResetNeeded
from blendgym.parameters.sources import Source
from blendgym.vector.autoreset import check_over, read_autoreset_mode
from blendgym.vector.batch import Batch, Rows
from blendgym.vector.infos import info_of
from blendgym.vector.options import Seeds, read_each, read_mask, read_seeds
from blendgym.vector.records import Records
from blendgym.vector.shares import deal, divided, everything
from blendgym.vector.slot import Slot
from blendgym.wire import messages

Mask = NDArray[np.bool_]
StepResult = tuple[Any, NDArray[np.float64], Mask, Mask, dict[str, Any]]


class _Pending(NamedTuple):
    """A step that was asked for.

    Args:
        begun: Environments that have begun an episode instead.
        infos: What is known of those.
    """

    begun: list[int]
    infos: dict[str, Any]


class BlendVectorEnv(VectorEnv[Any, Any, NDArray[Any]]):
    """Environments in slots of a few Blender processes: one request to each process steps all its slots.

    They are dealt out in their order, as evenly as can be. The episodes of each are those of a single environment with
    the same seed, bit for bit, whatever the number of servers.

    Args:
        task: The task, as ``module:Class``.
        num_envs: How many environments.
        num_servers: How many Blender processes; each keeps one processor core busy. Default: one, or as many as there
            are addresses.
        autoreset_mode: Gymnasium's: when an environment whose episode is over begins the next one.
        max_episode_steps: After how many steps an episode is truncated; ``None`` or -1, as in ``gym.make``, for never.
        arguments: Those of ``blendgym.client.settings.Settings``, and those of the task.

    Raises:
        TaskNotFound: If there is no such task.
        InvalidOption: If an argument has a wrong value, or the task does not take an option.
    """

    def __init__(
        self, task: str, num_envs: int = 1, *, num_servers: int | None = None, max_episode_steps: int | None = None,
        autoreset_mode: str | AutoresetMode = AutoresetMode.NEXT_STEP, **arguments: Any,
    ) -> None:  # fmt: skip
        settings = self._settings = Settings(task, **arguments)
        if num_servers is None:
            num_servers = max(1, len(settings.addresses))
        check_positive(num_envs=num_envs, num_servers=num_servers)
        if num_servers > num_envs:
            raise InvalidOption(f"num_servers is {num_servers}; expected 1 to the number of environments, {num_envs}.")
        if settings.addresses and num_servers != len(settings.addresses):
            raise InvalidOption(f"num_servers is {num_servers}, but address= names {len(settings.addresses)} servers.")
        self.num_envs = num_envs
        self.autoreset_mode = read_autoreset_mode(autoreset_mode)
        self.metadata = {**settings.metadata, "autoreset_mode": self.autoreset_mode}
        self.render_mode = settings.render_mode
        self.task = settings.task
        self.single_action_space, self.single_observation_space = settings.action_space, settings.observation_space
        self.action_space = batch_space(self.single_action_space, num_envs)
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self._max_episode_steps = read_time_limit(max_episode_steps)
        limit = RestartLimit(settings.max_restarts)
        awake = leaves_processors(num_servers)
        dealt = deal(num_envs, num_servers)
        self._hosts = [
            Host(settings, len(rows), limit, (number, num_servers), awake) for number, rows in enumerate(dealt)
        ]
        self._everyone = everything(self._hosts, dealt)
        self.slots = tuple(Slot(settings, share.host, slot) for share in self._everyone for slot in share.slots)
        self._batch = Batch(settings.observations, num_envs)
        self._elapsed = np.zeros(num_envs, np.int64)
        self._over = np.ones(num_envs, np.bool_)
        self._pending: _Pending | None = None
        self._no_options = [settings.read_options({})] * num_envs
        self._records = Records([slot.randomizer for slot in self.slots], self._add_info)
        self._no_seeds: list[int | None] = [None] * num_envs
        self._why_not_running = "before the first reset()"

    def reset(self, *, seed: Seeds = None, options: Mapping[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Begins episodes.

        Args:
            seed: Of the first environment, those of the others follow; or one for each; or ``None``, which continues.
            options: Those of a single environment, for all, or as a list with one for each; ``reset_mask``,
                bool ``(num_envs,)``, for resetting only some.

        Returns:
            Observations of all environments, and infos of those that were reset.

        Raises:
            InvalidOption: If the mask, the seeds or the options do not fit; nothing has changed then.
            InvalidParameter: If a parameter is unknown or its value wrong; likewise.
            EnvironmentClosed: After ``close()``.
            ServerError: If Blender does not start, dies or does not answer in time.
        """
        given = options or {}
        chosen, seeds = read_mask(given, self.num_envs), read_seeds(seed, self.num_envs)
        each = [self._settings.read_options(own) for own in read_each(given, self.num_envs)]
        self._check_open()
        if self._pending is not None:
            self._pending = None
            self._settle()
        if self._why_not_running:  # Nobody has seen what the last step led to.
            self._over[:] = True
        self._why_not_running = "after a reset() that was interrupted"
        infos = self._begin(chosen, each, seeds, {})
        self._why_not_running = ""
        return self._batch.observations(), infos

    def step(self, actions: Any) -> StepResult:
        """Steps all environments; see ``step_async`` and ``step_wait``."""
        self.step_async(actions)
        return self.step_wait()

    def step_async(self, actions: Any) -> None:
        """Sends actions, and begins the episodes that are due (``NEXT_STEP``).

        Args:
            actions: Elements of ``action_space``; dtypes are not converted, values are not clipped.

        Raises:
            InvalidAction: If an action is not in the action space; nothing has moved then.
            CallOutOfOrder: If the step before is not waited for; it still can be.
            ResetNeeded: Before the first ``reset()``, after an error, and for episodes that are over (``DISABLED``).
            EnvironmentClosed: After ``close()``.
        """
        self._check_open()
        if self._pending is not None:
            raise CallOutOfOrder("A step was asked for, and the one before is not waited for; call step_wait() first.")
        if self._why_not_running:
            raise ResetNeeded(f"step() was called {self._why_not_running}; call reset() first.")
        valid = self.task.action_space.validate_batch(actions, self.num_envs)
        over = self._over.nonzero()[0].tolist()
        check_over(over, self.autoreset_mode)
        infos: dict[str, Any] = {}
        self._why_not_running = "after a step() that was interrupted"
        for share in divided(self._everyone, over):
            # Servers where nothing begins are asked first, and work meanwhile.
            if share.due:
                infos = self._begin(share.due, self._no_options, self._no_seeds, infos)
            if share.slots:
                share.host.send_step(valid[share.rows], share.slots)
        self._pending = _Pending(over, infos)

    def step_wait(self) -> StepResult:
        """Waits for what the actions led to.

        Returns:
            Observations, rewards, terminations, truncations and infos, as Gymnasium's ``AutoresetMode`` has them.
            After an error with ``on_error="truncate"``: in those environments the last observation, no reward, a
            truncation, and ``code``, ``message``, ``seed`` of the episode and ``step`` in ``infos["error"]``.

        Raises:
            CallOutOfOrder: If no step was asked for.
            EnvironmentClosed: After ``close()``.
            BlendgymError: With ``on_error="raise"``: what went wrong first; ``reset()`` works again.
        """
        self._check_open()
        pending, self._pending = self._pending, None
        if pending is None:
            raise CallOutOfOrder("No step was asked for that could be waited for; call step_async() first.")
        rewards, terminations = np.zeros(self.num_envs), np.zeros(self.num_envs, np.bool_)
        errors: dict[int, BlendgymError] = {}
        for share in divided(self._everyone, pending.begun):
            if not share.slots:
                continue
            replies, failed = share.host.receive_step(share.slots)
            errors |= {share.first + slot: error for slot, error in failed.items()}
            for slots, stepped in replies:
                at = self._place(share.first, slots, stepped, failed)
                rewards[at], terminations[at] = stepped.rewards, stepped.terminated
        self._elapsed += 1
        if pending.begun:
            self._elapsed[pending.begun] = 0
        truncations, infos = self._elapsed >= self._max_episode_steps, pending.infos
        if errors:
            infos = self._truncate(errors, truncations, infos)
        self._over = terminations | truncations
        if self.autoreset_mode is AutoresetMode.SAME_STEP and (over := self._over.nonzero()[0].tolist()):
            infos = self._begin_next(over, infos)
        self._why_not_running = ""
        return self._batch.observations(), rewards, terminations, truncations, {**infos, **self._records.copied()}

    def render(self) -> tuple[NDArray[np.uint8], ...] | None:
        """An image of each environment: ``uint8 (render_height, render_width, 3)``; ``None`` without a render mode."""
        if self.render_mode is None:
            gym.logger.warn('render() does nothing without a render mode; use make_vec(id, render_mode="rgb_array").')
            return None
        return tuple(slot.render() for slot in self.slots)

    def set_source(self, source: Source) -> None:
        """Takes the parameters of all episodes from now on from another source; see ``BlendEnv.set_source``."""
        for slot in self.slots:
            slot.set_source(source)

    def close_extras(self, **_: Any) -> None:
        """Ends all servers. Called by ``close()``."""
        for host in self._hosts:
            host.close()

    @property  # type: ignore[misc]
    def np_random(self) -> tuple[np.random.Generator, ...]:  # type: ignore[override]  # As SyncVectorEnv
        """The generators from which the seeds of the episodes are drawn, one for each environment."""
        return tuple(slot.np_random for slot in self.slots)

    @property
    def np_random_seed(self) -> tuple[int, ...]:  # type: ignore[override]
        """What they were seeded with."""
        return tuple(slot.np_random_seed for slot in self.slots)

    def _check_open(self) -> None:
        if self.closed:
            raise EnvironmentClosed("The environments are closed; make new ones.")

    def _begin(
        self, rows: Sequence[int], options: Sequence[Mapping[str, Any]], seeds: Sequence[int | None],
        infos: dict[str, Any],
    ) -> dict[str, Any]:  # fmt: skip
        """Begins the next episode of some environments; after an error no server owes a reply."""
        try:
            return self._begun(rows, options, seeds, infos)
        except BlendgymError:
            self._why_not_running = "after an error"
            self._settle()
            raise

    def _begun(
        self, rows: Sequence[int], options: Sequence[Mapping[str, Any]], seeds: Sequence[int | None],
        infos: dict[str, Any],
    ) -> dict[str, Any]:  # fmt: skip
        shares = [share for share in divided(self._everyone, rows) if share.due]
        for share in shares:
            share.host.launch()
        for share in shares:
            share.host.connect()  # A launch that fails draws no seed.
            share.host.send_reset([self.slots[row].next_episode(seeds[row], options[row]) for row in share.due])
        faults: list[messages.Fault] = []
        for share in shares:
            began = share.host.receive_reset()
            faults += began.faults.values()
            self._place(share.first, [row - share.first for row in share.due], began, began.faults)
            for row, parameters in zip(share.due, began.parameters, strict=True):
                randomizer = self.slots[row].randomizer
                self._batch.place_context(row, randomizer.unit)
                infos = self._add_info(infos, randomizer.reset_info(parameters), row)
        self._records.take_down(rows)
        for fault in faults:
            raise fault.error()
        self._elapsed[list(rows)] = 0
        self._over[list(rows)] = False
        return infos

    def _place(
        self, first: int, slots: Sequence[int], reply: messages.Began | messages.Stepped, failed: Collection[int]
    ) -> Rows:
        """Takes the observations of a reply; environments that failed keep what they had.

        Args:
            first: The environment in slot 0 of the server.
            slots: Whom the rows of the reply are for, in ascending order.
            reply: Of a server.
            failed: Slots whose rows are void.

        Returns:
            The environments that the rows of the reply are for.
        """
        rows = [first + slot for slot in slots]
        if failed:
            for row, slot in enumerate(slots):
                if slot not in failed:
                    self._batch.place(first + slot, {name: each[row] for name, each in reply.observations.items()})
            return rows
        at = slice(rows[0], rows[-1] + 1) if rows[-1] - rows[0] == len(rows) - 1 else rows
        self._batch.place(at, reply.observations)
        return at

    def _begin_next(self, over: Sequence[int], infos: dict[str, Any]) -> dict[str, Any]:
        final = [(self._batch.row(row), info_of({**infos, **self._records.infos}, row)) for row in over]
        for row, (observation, info) in zip(over, final, strict=True):
            infos = self._add_info(infos, {"final_obs": observation, "final_info": info}, row)
        return self._begin(over, self._no_options, self._no_seeds, infos)

    def _truncate(self, errors: dict[int, BlendgymError], truncations: Mask, infos: dict[str, Any]) -> dict[str, Any]:
        for row, error in errors.items():
            seed, step = self.slots[row].randomizer.record["seed"], int(self._elapsed[row])
            if not self._settings.truncates_on_error:
                self._why_not_running = "after an error"
                locate(error, seed, step)
                raise error
            truncations[row] = True
            infos = self._add_info(infos, {"error": error_info(error, seed, step)}, row)
        return infos

    def _settle(self) -> None:
        """Takes the replies that servers owe, and drops them."""
        for host in self._hosts:
            host.settle()
