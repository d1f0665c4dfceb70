"""What the compliance kit checks: a server, launched for it or reached at its address."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.client.process.launcher import ServerProcess
from blendgym.client.settings import Settings
from blendgym.client.spaces import gymnasium_space
from blendgym.errors import BlendgymError, InvalidOption
from blendgym.registry import environment_spec
from blendgym.testing.rollouts import Row, actions_for, require_same
from blendgym.testing.server.addresses import require_listening
from blendgym.testing.server.raw_client import RawClient
from blendgym.testing.server.replies import Errors, expect, require_refusal, row_of
from blendgym.wire import messages
from blendgym.wire.transport.keys import ClientKeys, read_client_keys

SLOTS = 2
STEPS = 3
IDLE_SECONDS = 600.0
SEED = 11


class ServerUnderTest:
    """A server, and one client that plays by the rules wherever a check does not say otherwise.

    A server that runs already has to be free: nobody else may have a session there.

    Args:
        task: The task to launch a server for, as ``module:Class``, or the id of an environment.
        address: ZeroMQ address of a server that runs already, instead of a task.
        keys: Folder with the client's keys for it.
        seconds: How long a reply may take.
        options: Keyword arguments of the task.

    Raises:
        InvalidOption: If there is neither a task nor an address, or both, or it is no address.
        ServerUnreachable: If nothing listens there.
        InvalidKeys: If a file of keys cannot be used.
    """

    def __init__(
        self, task: str | None = None, *, address: str | None = None, keys: str | Path | None = None,
        seconds: float = 60.0, **options: Any,
    ) -> None:  # fmt: skip
        if (task is None) == (address is None):
            raise InvalidOption(f"Expected either a task or the address of a server, got {task!r} and {address!r}.")
        self._seconds = seconds
        self._keys: ClientKeys | None = read_client_keys(Path(keys)) if keys else None
        if address:
            require_listening(address)
        self._address = address
        self._folder = Path(tempfile.mkdtemp(prefix="blendgym-testing-"))
        self._clients: list[RawClient] = []
        self._process: ServerProcess | None = None
        if task:
            endpoint = f"ipc://{self._folder}/socket" if os.name == "posix" else "tcp://127.0.0.1:*"
            settings = Settings(**{**environment_spec(task).kwargs, **options})
            self._process = ServerProcess(
                settings.task_name, settings.options, slots=SLOTS, endpoint=endpoint, idle_timeout=IDLE_SECONDS
            )

    def __enter__(self) -> ServerUnderTest:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @cached_property
    def endpoint(self) -> str:
        """Where it can be reached; waits until a server that is being launched is ready."""
        return self._process.endpoint if self._process else str(self._address)

    @property
    def client(self) -> RawClient:
        """The client that has the session; says hello if nobody has."""
        return self._session[0]

    @property
    def welcome(self) -> messages.Welcome:
        """What the server has said to it."""
        return self._session[1]

    def stranger(self, secret: bytes | None = None) -> RawClient:
        """Another connection, with a secret that the server has not heard of unless one is given.

        It is closed with this object.
        """
        client = RawClient(self.endpoint, self._keys, secret=secret, seconds=self._seconds)
        self._clients.append(client)
        return client

    def end_session(self) -> None:
        """Ends the session, if there is one; the next that is needed is another."""
        if "_session" not in vars(self):
            return
        client, _ = vars(self).pop("_session")
        expect(messages.Closed, client.ask(messages.Close), "A close")

    def reset(self) -> messages.Began:
        """Begins the same episodes in all slots."""
        return expect(messages.Began, self.client.ask(messages.Reset, episodes=self.episodes), "A legal reset")

    def step(self, actions: NDArray[Any]) -> messages.Stepped:
        """Steps all slots."""
        return expect(messages.Stepped, self.client.ask(messages.Step, actions=actions), "A legal step")

    @property
    def episodes(self) -> tuple[messages.Episode, ...]:
        """One for each slot, always the same."""
        return tuple(messages.Episode(slot=slot, seed=SEED + slot) for slot in range(self.welcome.slots))

    @cached_property
    def actions(self) -> NDArray[Any]:
        """Legal actions, always the same: (steps, slots, …)."""
        slots = self.welcome.slots
        sampled: NDArray[Any] = np.stack(actions_for(gymnasium_space(self.welcome.action_space), STEPS * slots))
        return sampled.reshape(STEPS, slots, *sampled.shape[1:])

    def play(self, disturb: Callable[[], object] = lambda: None) -> list[Row]:
        """Plays the same episodes.

        Args:
            disturb: What is done before every step.
        """
        rows = [row_of(self.reset())]
        for actions in self.actions:
            disturb()
            stepped = self.step(actions)
            rows.append(row_of(stepped))
            if any(stepped.terminated):
                break
        return rows

    @cached_property
    def undisturbed(self) -> list[Row]:
        """The same episodes as they are when nobody disturbs them."""
        return self.play()

    def require_undisturbed(self, disturb: Callable[[], object], what: str) -> None:
        """Fails unless the same episodes stay the same when something is done in their midst.

        Args:
            disturb: What is done before every step.
            what: Says so, for the message.

        Raises:
            CheckFailed: If they differ, or what is done fails by itself.
        """
        expected = self.undisturbed
        advice = "Check all of a request before anything moves."
        require_same(self.play(disturb), expected, f"Episodes in whose midst there was {what}", advice)

    def require_refused(self, ask: Callable[[], messages.Reply], error: Errors, what: str) -> None:
        """Fails unless a request is refused and changes nothing.

        Args:
            ask: Sends the request, and gives its reply.
            error: Which code is expected.
            what: Is asked, for the message.

        Raises:
            CheckFailed: If it is carried out, refused for another reason, or changes something.
        """
        self.require_undisturbed(lambda: require_refusal(ask(), error, what), f"{what[0].lower()}{what[1:]}")

    def close(self) -> None:
        """Ends the session, and a server that was launched here."""
        if self._process:
            self._process.stop()
        else:
            with contextlib.suppress(BlendgymError):  # Whether it can be ended is for a check to say.
                self.end_session()
        while self._clients:
            self._clients.pop().close()
        shutil.rmtree(self._folder, ignore_errors=True)

    @cached_property
    def _session(self) -> tuple[RawClient, messages.Welcome]:
        client = self.stranger()
        return client, expect(messages.Welcome, client.hello(), "A hello")
