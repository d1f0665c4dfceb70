"""The folder of an export: whose runs are in it, and the numbers of categories, which never change."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import msgspec

from blendgym.data.exporters.names import safe_name
from blendgym.data.recording.folder import write_at_once
from blendgym.errors import InvalidExport, InvalidOption
from blendgym.files import locked

FORMAT, VERSION = "blendgym export", 1


class Views(msgspec.Struct):
    """The names of the views of a run, in their order."""

    views: list[str]


class About(msgspec.Struct):
    """What is in ``export.json``.

    Args:
        format: ``FORMAT``.
        version: Of this file, and of what is kept to go on with the export.
        kind: The name of the format that the samples are exported to.
        runs: What is known of each run, by its name, in the order in which they came.
        categories: Names; the first one's number is the lowest.
    """

    format: str
    version: int
    kind: str
    runs: dict[str, Views] = {}
    categories: list[str] = []


class Run(NamedTuple):
    """A run among those of an export.

    Args:
        name: As people call it.
        place: Among the runs of the export, from 0.
        views: Names of its views.
    """

    name: str
    place: int
    views: tuple[str, ...]

    @property
    def key(self) -> str:
        """What the names of its files begin with."""
        return safe_name(self.name)


class ExportFolder:
    """The folder of an export; one process has it at a time.

    Args:
        path: The folder; made if it does not exist.
        kind: The name of its format.

    Raises:
        InvalidExport: If it holds something else, or another process exports to it.
        OSError: If there can be no such folder.
    """

    def __init__(self, path: Path, kind: str) -> None:
        self.path = path
        self._file = path / "export.json"
        path.mkdir(parents=True, exist_ok=True)
        self._lock = _locked(path)
        try:
            self._about = self._read(kind)
        except BaseException:
            self.close()
            raise
        self._numbers = {name: number for number, name in enumerate(self._about.categories)}

    @property
    def categories(self) -> tuple[str, ...]:
        """All categories, by their numbers from 0 on."""
        return tuple(self._numbers)

    @property
    def runs(self) -> tuple[Run, ...]:
        """All runs that are in it."""
        runs = self._about.runs.items()
        return tuple(Run(name, place, tuple(each.views)) for place, (name, each) in enumerate(runs))

    def journal(self, name: str) -> Path:
        """Where is noted what has been exported of a run."""
        return self.path / "parts" / f"{safe_name(name)}.jsonl"

    def find_run(self, name: str) -> Run | None:
        """A run that is in it."""
        return next((run for run in self.runs if run.name == name), None)

    def enter_run(self, name: str, views: tuple[str, ...], begin: Callable[[], None]) -> Run:
        """A run that is in it from now on.

        Args:
            name: Of the run.
            views: The names of its views.
            begin: Makes what there has to be of a new run.

        Raises:
            InvalidOption: If it has other views so far, or one of them has no proper name.
        """
        self.check_views(name, views)
        run = self.find_run(name)
        if run is None:
            for view in filter(None, views):
                if not view.isidentifier():
                    raise InvalidOption(f"A view is called {view!r}; expected letters, digits and underscores.")
            self._write()  # So that it is known as an export, whatever happens next.
            begin()
            self._about.runs[name] = Views(list(views))
            self._write()
            return self.runs[-1]
        return run

    def check_views(self, name: str, views: tuple[str, ...]) -> None:
        """Looks whether a run has those views, if it is there already.

        Raises:
            InvalidOption: If it has others.
        """
        run = self.find_run(name)
        if run is not None and run.views != views:
            raise InvalidOption(
                f"The run {name!r} has the views {list(run.views)} so far, and now {list(views)}; all samples of a run "
                "have the same ones. Export other views to another folder."
            )

    def enter_categories(self, names: set[str]) -> None:
        """Gives categories their numbers, if they have none."""
        if new := sorted(names.difference(self._numbers)):
            self._about.categories += new
            self._write()
            for name in new:
                self._numbers[name] = len(self._numbers)

    def category(self, name: str) -> int:
        """The number of a category that has been entered, from 0."""
        return self._numbers[name]

    def close(self) -> None:
        """Leaves the folder to others."""
        self._lock.close()

    def _read(self, kind: str) -> About:
        if not self._file.exists():
            others = sorted(each.name for each in self.path.iterdir() if not each.name.startswith("."))
            if others:
                raise InvalidExport(
                    f"{self.path} is no export and holds other things: {', '.join(others[:3])}. Export to a folder "
                    "that is empty or does not exist."
                )
            return About(FORMAT, VERSION, kind)
        try:
            about = msgspec.json.decode(self._file.read_bytes(), type=About)
        except msgspec.DecodeError as error:
            raise InvalidExport(f"{self._file} is damaged: {error}.") from None
        if (about.format, about.version) != (FORMAT, VERSION):
            raise InvalidExport(
                f"{self.path} is a {about.format!r} of version {about.version}; this blendgym goes on with a "
                f"{FORMAT!r} of version {VERSION}. Export to another folder."
            )
        if about.kind != kind:
            raise InvalidExport(f"{self.path} is an export to {about.kind}, not to {kind}. Export to another folder.")
        return about

    def _write(self) -> None:
        write_at_once(self._file, msgspec.json.format(msgspec.json.encode(self._about), indent=1) + b"\n")


def _locked(path: Path) -> ExitStack:
    """Keeps others away until what is returned is closed.

    Raises:
        InvalidExport: If another process has the folder.
    """
    try:
        return locked(path)
    except BlockingIOError:
        raise InvalidExport(f"Another process exports to {path}. Wait for it, or export to another folder.") from None
