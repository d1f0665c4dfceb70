"""A server that outlives its deaths."""

from __future__ import annotations

import time
from collections import deque
from typing import Any

from rich.console import Console

from blendgym.client.process.launcher import ServerProcess
from blendgym.errors import BlendgymError
from blendgym.wire.launch_files import VISITORS_FILE

MOST_DEATHS = 5
WITHIN_SECONDS = 60.0


class Served:
    """A server that is launched again, at the same address, whenever it dies.

    Args:
        console: Where to say what happens.
        task: The task, as ``module:Class``.
        options: Keyword arguments of the task.
        arguments: Further arguments of ``ServerProcess``.
    """

    def __init__(self, console: Console, task: str, options: dict[str, Any], **arguments: Any) -> None:
        self._console = console
        self._task, self._options, self._arguments = task, options, arguments
        self._process: ServerProcess | None = None
        self._deaths: deque[tuple[float, BlendgymError]] = deque(maxlen=MOST_DEATHS)
        self._shown = 0

    @property
    def endpoint(self) -> str:
        """The address that is bound."""
        return str(self._arguments["endpoint"])

    def launch(self) -> None:
        """Launches it.

        Raises:
            BlendgymError: If it does not start.
        """
        self._process, self._shown = ServerProcess(self._task, self._options, **self._arguments), 0
        self._arguments["endpoint"] = self._process.endpoint

    def look(self) -> None:
        """Shows which clients have come and gone, and launches the server again if it has died.

        Raises:
            BlendgymError: The first death, if there were too many in a short time.
        """
        if self._process is None:
            self._launch_again()
            return
        self._show_visitors(self._process)
        if not self._process.is_running():
            self._note_death(self._process.death("it is launched again"))

    def stop(self) -> None:
        """Ends it."""
        if self._process:
            self._process.stop()
        self._process = None

    def _launch_again(self) -> None:
        try:
            self.launch()
        except BlendgymError as error:
            self._note_death(error)
            return
        self._console.print(f"Launched again at {self.endpoint}.")

    def _note_death(self, error: BlendgymError) -> None:
        self.stop()
        self._console.print(f"[red]{type(error).__name__}:[/]", end=" ")
        self._console.print(str(error), markup=False)
        self._deaths.append((time.monotonic(), error))
        first, its_error = self._deaths[0]
        if len(self._deaths) == MOST_DEATHS and time.monotonic() - first < WITHIN_SECONDS:
            self._console.print(
                f"[red]{MOST_DEATHS} deaths within {WITHIN_SECONDS:g} s are too many. The first one was:[/]"
            )
            raise its_error

    def _show_visitors(self, process: ServerProcess) -> None:
        file = process.folder / VISITORS_FILE
        if not file.exists():
            return
        with file.open() as opened:
            opened.seek(self._shown)
            for line in opened.read().splitlines():
                self._console.print(f"[dim]{time.strftime('%H:%M:%S')}[/] {line}")
            self._shown = opened.tell()
