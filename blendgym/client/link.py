"""A server and the connection to it, for as long as both last."""

from __future__ import annotations

from blendgym.client.connection.agreement import check_agreement, check_protocol
from blendgym.client.connection.connection import Connection
from blendgym.client.connection.session import Session
from blendgym.client.settings import Settings
from blendgym.errors import BlendgymError, ConnectionPoisoned, ServerError
from blendgym.wire import messages


class Link:
    """A server that is launched at once, and connected to when it is first needed.

    Args:
        settings: What the server is to serve.
        slots: How many.
        place: Number of the server, from 0, and how many there are.
        session: The client's place on it.
        awake: Whether there is a processor to spare for waiting.

    Attributes:
        slots: Those whose episodes are here.
        failure: What made the link useless, if anything has.
        steps: How many were taken, in all slots together.
    """

    def __init__(self, settings: Settings, slots: int, place: tuple[int, int], session: Session, awake: bool) -> None:
        self.server = settings.find_server(slots, *place)
        self.slots: set[int] = set()
        self.failure: BlendgymError | None = None
        self.steps = 0
        self._settings, self._needed, self._session, self._awake = settings, slots, session, awake
        self._connection: Connection | None = None

    @property
    def connection(self) -> Connection:
        """The connection; see ``connect``."""
        return self._connection or self.connect()

    def connect(self) -> Connection:
        """Connects, if that has not been done; waits until the server is ready.

        Raises:
            ServerStartError: If it does not get ready.
            BlendgymError: Whatever else it reports.
        """
        if self._connection is None:
            try:
                self._connection = self._say_hello()
            except BaseException:
                self.server.stop()
                raise
        return self._connection

    def note(self, error: BlendgymError) -> None:
        """Takes note of an error; one of the server makes the link useless."""
        if isinstance(error, ServerError):
            self.failure = error

    def find_failure(self) -> BlendgymError | None:
        """What makes the link useless, if anything does."""
        if self.failure is None and not self.server.is_running():
            self.failure = self.server.death()
        if self.failure is None and self._connection and self._connection.is_poisoned:
            self.failure = ConnectionPoisoned("A request was given up before its reply came.")
        return self.failure

    @property
    def is_worn_out(self) -> bool:
        """Whether the server is to be replaced before the next episode, though nothing is wrong with it."""
        steps, megabytes = self._settings.max_steps_per_server, self._settings.max_rss
        if steps is not None and self.steps >= steps:
            return True
        return megabytes is not None and self.server.resident_bytes() > megabytes << 20

    def settle(self) -> None:
        """Waits for the reply that is outstanding, if one is, and drops it."""
        if self.failure is None and self._connection and self._connection.is_poisoned:
            try:
                self._connection.receive(messages.Reply)
            except BlendgymError as error:
                self.note(error)

    def give_up(self) -> None:
        """Ends the server at once if it was launched here, and else all waiting for it; any thread may call."""
        self.server.stop()
        if self._connection:
            self._connection.give_up()

    def close(self) -> None:
        """Ends the server: it may end by itself if it listens, otherwise it is killed."""
        grace = 0.0
        try:
            if self._connection and self._connection.leave():
                grace = self._settings.deadlines.close
        finally:  # Whoever is tired of waiting interrupts.
            if self._connection:
                self._connection.close()
            self.server.stop(grace)

    def _say_hello(self) -> Connection:
        settings = self._settings
        connection = Connection(
            self.server, settings.deadlines, settings.observations.views, settings.warm_up, self._session, self._awake
        )
        try:
            check_protocol(connection.welcome)
            check_agreement(settings.task_name, settings.task, self._needed, connection.welcome)
        except BaseException:
            connection.leave()
            connection.close()
            raise
        return connection
