"""Writers: what is different from format to format."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from blendgym.data.exporters.folder import ExportFolder
from blendgym.data.exporters.journal import Journal, Line, Noted, read_lines
from blendgym.data.exporters.pictures import Picture
from blendgym.data.sample import Sample


class Place(NamedTuple):
    """Where a line is: in which journal, and how many bytes from its beginning."""

    journal: Path
    offset: int


class Writer(ABC):
    """Writes the samples of one run in some format.

    Args:
        folder: Of the export.
        run: The name of the run.

    Attributes:
        folder: Of the export.
        run: The name of the run.
    """

    def __init__(self, folder: ExportFolder, run: str) -> None:
        self.folder, self.run = folder, run

    @property
    @abstractmethod
    def fingerprints(self) -> Mapping[int, int]:
        """Those of the samples that have been written, by index."""

    def check(self, sample: Sample) -> None:
        """Looks whether the format can hold a sample, beyond the passes that it needs.

        Raises:
            InvalidOption: If it cannot.
        """

    def begin(self) -> None:
        """Makes what there has to be before the first sample of a run.

        Raises:
            OSError: If it cannot be written.
        """

    @abstractmethod
    def write(self, sample: Sample, pictures: Sequence[Picture], fingerprint: int) -> None:
        """Adds a sample that is not there yet.

        Raises:
            OSError: If it cannot be written; then the export is as before.
        """

    @abstractmethod
    def close(self) -> None:
        """Makes the export of all that has been written, and closes its files.

        Raises:
            OSError: If it cannot be written; then the export is as it was at the last ``close()``.
        """


class JournalWriter(Writer):
    """Writes files for each picture, notes in a journal what belongs into files for all, and makes those at the end."""

    def __init__(self, folder: ExportFolder, run: str) -> None:
        super().__init__(folder, run)
        self.journal = Journal(folder.journal(run))

    @property
    def fingerprints(self) -> Mapping[int, int]:
        """Those of the samples that have been written, by index."""
        return self.journal.fingerprints

    def begin(self) -> None:
        """Makes the journal."""
        self.journal.open()

    def write(self, sample: Sample, pictures: Sequence[Picture], fingerprint: int) -> None:
        """Adds a sample that is not there yet."""
        entries = [msgspec.Raw(msgspec.json.encode(self.write_picture(each))) for each in pictures]
        objects = sum(len(each.objects) for each in pictures)
        self.journal.append(Line(sample.index, fingerprint, objects, entries))

    def close(self) -> None:
        """Makes the export of all that has been written, and closes its files."""
        self.journal.close()
        if self.folder.runs:
            self.assemble()

    @abstractmethod
    def write_picture(self, picture: Picture) -> Any:
        """Writes the files of a picture; gives what is to be noted of it, as plain data or structs."""

    @abstractmethod
    def assemble(self) -> None:
        """Makes the files for all pictures, of what is noted."""

    def annotations(self) -> int:
        """How many objects are annotated in the pictures of all runs."""
        return sum(line.annotations for path in self._journals() for _, line in read_lines(path, Noted))

    def lines(self) -> Iterator[tuple[Place, Line]]:
        """What is noted of all samples, run by run, and where."""
        for journal in self._journals():
            for offset, line in read_lines(journal, Line):
                yield Place(journal, offset), line

    def _journals(self) -> list[Path]:
        return [self.folder.journal(run.name) for run in self.folder.runs]
