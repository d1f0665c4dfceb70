"""Many environments on a few servers, stepped together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np
from gymnasium.vector import AutoresetMode
from numpy.typing import NDArray

from blendgym.checks import check_positive, read_time_limit
from blendgym.client.error_context import error_info, locate
from blendgym.client.host import Host
from blendgym.client.process.processors import leaves_processors
from blendgym.client.restarts import RestartLimit
from blendgym.client.settings import Settings
from blendgym.client.states import State, check_state
from blendgym.errors import BlendgymError, CallOutOfOrder, InvalidOption, NotCopyable, ResetNeeded
from blendgym.vector.autoreset import check_over
from blendgym.vector.base import BaseVectorEnv, Infos, Mask, StepResult
from blendgym.vector.episodes import Episodes
from blendgym.vector.shares import deal, divided, everything
from blendgym.vector.slot import Slot
from blendgym.wire import messages


class _Pending(NamedTuple):
    """A step that was asked for.

    Args:
        begun: Environments that have begun an episode instead.
        infos: What is known of those.
    """

    begun: list[int]
    infos: Infos


class BlendVectorEnv(BaseVectorEnv):
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
        settings.refuse_unseen()
        if num_servers is None:
            num_servers = max(1, len(settings.addresses))
        check_positive(num_envs=num_envs, num_servers=num_servers)
        if num_servers > num_envs:
            raise InvalidOption(f"num_servers is {num_servers}; expected 1 to the number of environments, {num_envs}.")
        if settings.addresses and num_servers != len(settings.addresses):
            raise InvalidOption(f"num_servers is {num_servers}, but address= names {len(settings.addresses)} servers.")
        max_steps = read_time_limit(max_episode_steps)
        limit = RestartLimit(settings.max_restarts)
        awake = leaves_processors(num_servers)
        dealt = deal(num_envs, num_servers)
        self._hosts = [
            Host(settings, len(rows), limit, (number, num_servers), awake) for number, rows in enumerate(dealt)
        ]
        self._everyone = everything(self._hosts, dealt)
        self.slots = tuple(Slot(settings, share.host, slot) for share in self._everyone for slot in share.slots)
        super().__init__(settings, self.slots, autoreset_mode)
        self.render_mode = settings.render_mode
        self._episodes = Episodes(self.task.action_space, num_envs, max_steps)
        self._pending: _Pending | None = None
        self._why_not_running = "before the first reset()"

    def __getstate__(self) -> dict[str, Any]:
        """Refuses copies.

        Raises:
            NotCopyable: Always.
        """
        raise NotCopyable(
            "Many environments in Blender are not copied, with their servers. Make others with the same arguments, and "
            "let them come to the same moments: others.restore(envs.states()). Arguments and states can be pickled."
        )

    def step(self, actions: Any) -> StepResult:
        """Steps all environments; see ``step_async`` and ``step_wait``."""
        self.step_async(actions)
        return self.step_wait()

    def step_async(self, actions: Any) -> None:
        """Sends actions, and begins the episodes that are due (``NEXT_STEP``).

        Args:
            actions: Elements of ``action_space``; see ``BlendEnv.step``.

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
        valid = self.task.action_space.validate_batch(actions, self.num_envs, self._settings.clips_actions)
        over = self._episodes.over.nonzero()[0].tolist()
        check_over(over, self.autoreset_mode)
        infos: Infos = {}
        self._why_not_running = "after a step() that was interrupted"
        self._episodes.taken.add(valid)
        for share in divided(self._everyone, over):
            # Servers where nothing begins are asked first, and work meanwhile.
            if share.due:
                infos = self._begin_next(share.due, infos)
            if share.slots:
                share.host.send_step(valid[share.rows], share.slots)
        self._pending = _Pending(over, infos)

    def step_wait(self) -> StepResult:
        """Waits for what the actions led to.

        Returns:
            Observations, rewards, terminations, truncations and infos, as Gymnasium's ``AutoresetMode`` has them.
            After an error with ``on_error="truncate"``: in those environments the last observation, no reward, no
            success, a truncation, and ``code``, ``message``, ``seed`` of the episode and ``step`` in
            ``infos["error"]``.

        Raises:
            CallOutOfOrder: If no step was asked for.
            EnvironmentClosed: After ``close()``.
            BlendgymError: With ``on_error="raise"``: what went wrong first; ``reset()`` works again. Its ``details``
                have the number of the ``environment``, the ``seed`` of its episode and the ``step``.
        """
        self._check_open()
        pending, self._pending = self._pending, None
        if pending is None:
            raise CallOutOfOrder("No step was asked for that could be waited for; call step_async() first.")
        rewards, (terminations, successes) = np.zeros(self.num_envs), np.zeros((2, self.num_envs), np.bool_)
        errors: dict[int, BlendgymError] = {}
        for share in divided(self._everyone, pending.begun):
            if not share.slots:
                continue
            replies, failed = share.host.receive_step(share.slots)
            errors |= {share.first + slot: error for slot, error in failed.items()}
            for slots, stepped in replies:
                at = self._batch.receive(share.first, slots, stepped.observations, failed)
                rewards[at], terminations[at], successes[at] = stepped.rewards, stepped.terminated, stepped.successes
        truncations = self._episodes.count_step(pending.begun)
        infos = self._all_judged(successes, pending.infos)
        if errors:
            infos = self._truncate(errors, truncations, infos)
        self._episodes.over = over = terminations | truncations
        if self.autoreset_mode is AutoresetMode.SAME_STEP and (ended := over.nonzero()[0].tolist()):
            infos = self._end(ended, infos)
        self._why_not_running = ""
        return self._batch.observations(), rewards, terminations, truncations, {**infos, **self._records.copied()}

    def states(self) -> tuple[State | None, ...]:
        """The present moments of all episodes, to come back to with ``restore``; ``None`` for one that is over.

        Raises:
            ResetNeeded: Before the first ``reset()``, and after an error.
            EnvironmentClosed: After ``close()``.
        """
        self._check_open()
        if self._why_not_running:
            raise ResetNeeded(f"states() was called {self._why_not_running}; call reset() first.")
        return tuple(None if over else self._state(row) for row, over in enumerate(self._episodes.over.tolist()))

    def restore(self, states: State | Sequence[State | None]) -> tuple[Any, Infos]:
        """Comes back to moments of episodes, bit for bit; see ``BlendEnv.restore``. Servers do so side by side.

        Time limits, which are of these environments, count from what each state has.

        Args:
            states: What ``states()`` has given, or ``BlendEnv.state()``: one for each environment, ``None`` for those
                that go on as they are; or a single one for all.

        Returns:
            Observations of all environments, and infos of those that were restored.

        Raises:
            InvalidOption: If there is another number of states, or one is of another task or scene.
            EnvironmentClosed: After ``close()``.
            ServerError: If Blender does not start, dies or does not answer in time.
        """
        self._check_open()
        each = [states] * self.num_envs if isinstance(states, State) else list(states)
        if len(each) != self.num_envs:
            raise InvalidOption(f"There are {len(each)} states for {self.num_envs} environments.")
        rows = [row for row, state in enumerate(each) if state is not None]
        for row in rows:
            check_state(each[row], self._settings, self.slots[row].welcome.scene_hash)
        infos = self._restart(rows, [{"state": state} if state else {} for state in each], self._no_seeds)
        return self._batch.observations(), infos

    def render(self) -> tuple[NDArray[np.uint8], ...] | None:
        """An image of each environment: ``uint8 (render_height, render_width, 3)``; ``None`` without a render mode."""
        if self.render_mode is None:
            gym.logger.warn('render() does nothing without a render mode; use make_vec(id, render_mode="rgb_array").')
            return None
        return tuple(slot.render() for slot in self.slots)

    def close_extras(self, **_: Any) -> None:
        """Ends all servers. Called by ``close()``."""
        for host in self._hosts:
            host.close()

    def _state(self, row: int) -> State:
        slot = self.slots[row]
        return State(
            self._settings.task_name, self._settings.options, slot.welcome.scene_hash, slot.randomizer.record,
            slot.appearance, self._episodes.taken.array(row),
        )  # fmt: skip

    def _restart(self, rows: Sequence[int], options: Sequence[Mapping[str, Any]], seeds: Sequence[int | None]) -> Infos:
        if self._pending is not None:
            self._pending = None
            self._settle()
        if self._why_not_running:  # Nobody has seen what the last step led to.
            self._episodes.over[:] = True
        self._why_not_running = "after a reset() that was interrupted"
        infos = super()._restart(rows, options, seeds)
        self._why_not_running = ""
        return infos

    def _begin(
        self, rows: Sequence[int], options: Sequence[Mapping[str, Any]], seeds: Sequence[int | None],
        infos: Infos,
    ) -> Infos:  # fmt: skip
        """Begins the next episode of some environments; after an error no server owes a reply."""
        try:
            return self._begun(rows, options, seeds, infos)
        except BlendgymError:
            self._why_not_running = "after an error"
            self._settle()
            raise

    def _begun(
        self, rows: Sequence[int], options: Sequence[Mapping[str, Any]], seeds: Sequence[int | None],
        infos: Infos,
    ) -> Infos:  # fmt: skip
        shares = [share for share in divided(self._everyone, rows) if share.due]
        for share in shares:
            share.host.launch()
        for share in shares:
            share.host.connect()  # A launch that fails draws no seed.
            share.host.send_reset([self.slots[row].next_episode(seeds[row], options[row]) for row in share.due])
        faults: dict[int, messages.Fault] = {}
        for share in shares:
            began = share.host.receive_reset()
            faults |= {share.first + slot: fault for slot, fault in began.faults.items()}
            slots = [row - share.first for row in share.due]
            self._batch.receive(share.first, slots, began.observations, began.faults)
            for row, parameters in zip(share.due, began.parameters, strict=True):
                randomizer = self.slots[row].randomizer
                self._batch.place_context(row, randomizer.unit)
                info = {"is_success": False, **randomizer.reset_info(parameters)}
                infos = self._add_info(infos, info, row)
        self._records.take_down(rows, self._add_info)
        for row, fault in faults.items():
            error = fault.error()
            locate(error, self.slots[row].randomizer.record["seed"], 0, [row])
            raise error
        for row in rows:
            self._episodes.begin(row, options[row].get("state"))
        return infos

    def _truncate(self, errors: dict[int, BlendgymError], truncations: Mask, infos: Infos) -> Infos:
        for row, error in errors.items():
            seed, step = self.slots[row].randomizer.record["seed"], int(self._episodes.elapsed[row])
            if not self._settings.truncates_on_error:
                self._why_not_running = "after an error"
                locate(error, seed, step, [other for other, its in errors.items() if its is error])
                raise error
            truncations[row] = True
            infos = self._add_info(infos, {"error": error_info(error, seed, step)}, row)
        return infos

    def _settle(self) -> None:
        """Takes the replies that servers owe, and drops them."""
        for host in self._hosts:
            host.settle()
