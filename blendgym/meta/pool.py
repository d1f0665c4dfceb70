"""Meta-episodes on all cores, each the same whichever process plays it."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any, NamedTuple, Self

import gymnasium as gym
from threadpoolctl import threadpool_limits

from blendgym.errors import PlayerDied
from blendgym.meta.learner_settings import maker_of
from blendgym.meta.playing import ActionFunction, at_random, keep, play, widen
from blendgym.meta.policies import AcquisitionPolicy, Policy, SharedPolicy
from blendgym.parameters.draws import keyed_generator
from blendgym.processes import how_it_ended

UNIFORM, CONSTANT, RANDOM = "uniform", "constant", "random"

REFERENCES = (UNIFORM, CONSTANT, RANDOM)
"""What has learned nothing: no teacher at all; always the same action, which for ``"acquisition"`` is the recipe and
for ``"bounds"`` widens all of them; and an action that is drawn at random each time."""


class Play(NamedTuple):
    """A meta-episode that is to be played.

    Args:
        teacher: One of ``REFERENCES``, or a policy.
        seed: Of the episode: the same seed, the same student and probe.
    """

    teacher: str | Policy
    seed: int


class Pool:
    """Processes that play meta-episodes; with one, this process does.

    A worker ends when this process does, however that ends.

    Args:
        arguments: Those of the meta-environment.
        processes: How many play at a time.
    """

    def __init__(self, arguments: Mapping[str, Any], processes: int) -> None:
        self._here = _Stage(arguments) if processes == 1 else None
        self._workers: dict[Connection, multiprocessing.process.BaseProcess] = {}
        context = multiprocessing.get_context("spawn")
        for _ in range(processes if processes > 1 else 0):
            ours, theirs = context.Pipe()
            worker = context.Process(target=_serve, args=(theirs, dict(arguments)), daemon=True)
            worker.start()
            theirs.close()
            self._workers[ours] = worker

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def gains(self, plays: Sequence[Play]) -> Iterator[float]:
        """Plays them, and yields their gains in their order, each as soon as it is known.

        Raises:
            PlayerDied: If a process ended; what was yielded before counts.
        """
        if self._here:
            yield from map(self._here.gain, plays)
            return
        waiting, busy, known = deque(enumerate(plays)), dict[Connection, int](), dict[int, float]()
        for number in range(len(plays)):
            while number not in known:
                for pipe in self._workers.keys() - busy.keys():
                    if waiting:
                        busy[pipe], play_next = waiting.popleft()
                        self._ask(pipe, play_next)
                for pipe in set(busy).intersection(wait(list(busy))):
                    known[busy.pop(pipe)] = self._answer(pipe)
            yield known.pop(number)

    def close(self) -> None:
        """Ends all processes."""
        if self._here:
            self._here.close()
        for pipe, worker in self._workers.items():
            pipe.close()
            worker.kill()
            worker.join()
        self._workers.clear()

    def _ask(self, pipe: Connection, play_next: Play) -> None:
        with contextlib.suppress(BrokenPipeError):  # If it is dead, its silence will tell.
            pipe.send(play_next)

    def _answer(self, pipe: Connection) -> float:
        try:
            answer = pipe.recv()
        except (EOFError, ConnectionResetError):
            self._workers[pipe].join()
            raise PlayerDied(
                f"A process that played a meta-episode {how_it_ended(self._workers[pipe].exitcode)}. "
                "The same command goes on from what is kept."
            ) from None
        if isinstance(answer, BaseException):
            raise answer
        return float(answer)


class _Stage:
    """Where meta-episodes are played: one environment for each action option that is needed."""

    def __init__(self, arguments: Mapping[str, Any]) -> None:
        self._arguments = dict(arguments)
        self._envs: dict[str, gym.Env[Any, Any]] = {}

    def gain(self, of: Play) -> float:
        action = SharedPolicy.action if of.teacher == UNIFORM else self._arguments["action"]
        if action not in self._envs:
            self._envs[action] = maker_of(self._arguments | {"action": action})()
        env = self._envs[action]
        with threadpool_limits(1):  # Each process has one core; and sums would depend on the number of threads.
            return play(env, _act_of(of, action, env), of.seed, "uniform" if of.teacher == UNIFORM else "nominal")

    def close(self) -> None:
        for env in self._envs.values():
            env.close()


def _act_of(of: Play, action: str, env: gym.Env[Any, Any]) -> ActionFunction:
    if isinstance(of.teacher, Policy):
        return of.teacher.act
    if of.teacher == RANDOM:
        (size,) = env.action_space.shape or (0,)
        return at_random(keyed_generator(of.seed, "random teacher"), size)
    return keep if of.teacher == UNIFORM or action == AcquisitionPolicy.action else widen


def _serve(pipe: Connection, arguments: dict[str, Any]) -> None:
    """Plays whatever comes, until nothing more can come."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who has started it.
    stage = _Stage(arguments)
    with contextlib.suppress(EOFError, ConnectionResetError, BrokenPipeError):
        while True:
            of = pipe.recv()
            try:
                answer: float | Exception = stage.gain(of)
            except Exception as error:  # It is raised again by who has asked.
                answer = error
            pipe.send(answer)
    stage.close()
