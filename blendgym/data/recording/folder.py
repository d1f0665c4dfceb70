"""The folder of a recording: its files, and what is said about it as a whole."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec

from blendgym.errors import InvalidRecording
from blendgym.files import atomically_written

FORMAT, VERSION = "blendgym recording", 1


class About(msgspec.Struct, omit_defaults=True):
    """What is in ``recording.json``.

    Args:
        format: ``FORMAT``.
        version: Of the format: of its folder, its shards and its index.
        origin: What the samples are made from, such as scenario, arguments, seed and versions: plain data.
    """

    format: str
    version: int
    origin: dict[str, Any]


class Saved(msgspec.Struct):
    """What is read of ``state.json`` by those who do not go on with the stream.

    Args:
        samples: How many there were.
    """

    samples: int


class Folder:
    """Paths of a recording's files.

    Args:
        path: The folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.about = path / "recording.json"
        self.index = path / "samples.index"
        self.state = path / "state.json"

    def shard(self, number: int) -> Path:
        """A tar file of samples."""
        return self.path / f"{number:06d}.tar"

    def shards(self) -> list[int]:
        """The numbers of the shards that there are, in their order."""
        return sorted(int(file.stem) for file in self.path.glob("[0-9]*.tar") if file.stem.isdecimal())

    def read_about(self) -> About:
        """What is said about the recording.

        Raises:
            InvalidRecording: If there is none, or one of another version of the format.
        """
        try:
            about = msgspec.json.decode(self.about.read_bytes(), type=About)
        except OSError as error:
            raise InvalidRecording(
                f"{self.path} holds no recording: {self.about.name} cannot be read ({error.strerror}). "
                "`blendgym record` makes one."
            ) from None
        except msgspec.DecodeError as error:
            raise InvalidRecording(f"{self.about} is damaged: {error}.") from None
        if (about.format, about.version) != (FORMAT, VERSION):
            raise InvalidRecording(
                f"{self.path} is a {about.format!r} of version {about.version}; this blendgym reads a {FORMAT!r} of "
                f"version {VERSION}. Use the blendgym that made it."
            )
        return about

    def read_saved_samples(self) -> int:
        """How many samples there were when the state was saved last; 0 if that is not known."""
        try:
            return msgspec.json.decode(self.state.read_bytes(), type=Saved).samples
        except (OSError, msgspec.DecodeError):
            return 0

    def write_about(self, origin: dict[str, Any]) -> None:
        """Says what the recording is about."""
        about = About(FORMAT, VERSION, origin)
        write_at_once(self.about, msgspec.json.format(msgspec.json.encode(about), indent=1) + b"\n")


def write_at_once(file: Path, content: bytes) -> None:
    """Writes a file as a whole or not at all, also if the machine stops."""
    with atomically_written(file) as part, part.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
