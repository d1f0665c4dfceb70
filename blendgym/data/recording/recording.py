"""The writer of recordings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import ExitStack, closing
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

from blendgym.data.recording.folder import Folder, write_at_once
from blendgym.data.recording.index import read_contents
from blendgym.data.recording.samples import files_of
from blendgym.data.recording.shards import Shards
from blendgym.data.recording.tar import packed
from blendgym.data.sample import Sample, check_sample
from blendgym.errors import (
    EnvironmentClosed,
    InvalidOption,
    InvalidRecording,
    RecordingDamaged,
    RecordingFailed,
    RecordingInUse,
)
from blendgym.files import locked
from blendgym.images.plain import plain


class _Kept(msgspec.Struct):
    """What is beside the samples, to go on from.

    Args:
        samples: How many there were.
        state: Of whatever makes them.
    """

    samples: int
    state: dict[str, Any]


class Recording:
    """Samples on disk, added to one after the other, also in a folder that has some already.

    A sample is there as a whole or not at all, whatever becomes of the process: opening a recording keeps every whole
    sample and cuts a torn end off. It can be read while it is written.

    Args:
        path: The folder; made if it does not exist.
        origin: What the samples are made from: plain data, such as scenario, arguments, seed and versions. A recording
            goes on with the same origin only; ``None`` for whatever it was.
        shard_bytes: After how many bytes a further shard is begun.
        shard_samples: After how many samples.

    Attributes:
        is_open: Whether it can be written to.
        loss: What of an earlier writer was torn and has been cut off, for people; empty if nothing was.

    Raises:
        InvalidRecording: If the folder holds something else, or a recording of another origin or format.
        RecordingInUse: If another writer has it.
        RecordingDamaged: If a shard is missing.
        RecordingFailed: If the folder cannot be written.
    """

    def __init__(
        self, path: str | PathLike[str], origin: Mapping[str, Any] | None = None, *, shard_bytes: int = 1 << 28,
        shard_samples: int = 10_000,
    ) -> None:  # fmt: skip
        self._folder = folder = Folder(Path(path))
        self.is_open = True
        with ExitStack() as files:
            try:
                files.enter_context(_lock(folder))
                _check_origin(folder, None if origin is None else _through_json(origin))
                rows, self.loss = read_contents(folder)
                self._shards = files.enter_context(closing(Shards(folder, rows, shard_bytes, shard_samples)))
            except OSError as error:
                raise RecordingFailed(f"{path} cannot be recorded to: {error.filename}: {error.strerror}.") from error
            self._files = files.pop_all()

    def __len__(self) -> int:
        return self._shards.place.samples

    def __enter__(self) -> Recording:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def path(self) -> Path:
        """The folder."""
        return self._folder.path

    @property
    def next_index(self) -> int:
        """The lowest index that the next sample can have."""
        return self._shards.place.lowest

    def write(self, sample: Sample) -> None:
        """Adds a sample; when this returns, it is there even if the process is killed.

        Args:
            sample: Of a higher index than all that are there.

        Raises:
            InvalidOption: If it is no sample, its index is not higher, or it holds what cannot be recorded; nothing has
                changed then.
            RecordingFailed: If the disk is full or fails; likewise, and the sample can be written again.
            EnvironmentClosed: After ``close()``.
        """
        self._check_open("write()")
        check_sample(sample)
        if sample.index < self.next_index:
            raise InvalidOption(
                f"Sample {sample.index} comes after sample {self.next_index - 1} in {self._folder.path}; they are "
                "recorded in the order of their indices, as a stream with order='index' gives them."
            )
        content = packed(f"{sample.index:08d}", files_of(sample))
        try:
            self._shards.append(sample.index, content)
        except OSError as error:
            raise RecordingFailed(
                f"Sample {sample.index} could not be written to {self._folder.path}: {error.strerror}. The {len(self)} "
                "samples before it are whole; make room, and record on.",
                index=sample.index,
            ) from error

    def save_state(self, state: Mapping[str, Any]) -> None:
        """Keeps the state of what makes the samples beside them, in place of the one before.

        All samples up to now are on the disk before it is, so that after a loss of power it never knows of more.

        Args:
            state: Plain data, such as a ``Stream``'s ``state_dict()``.

        Raises:
            RecordingFailed: If it cannot be written; the one before is kept.
            EnvironmentClosed: After ``close()``.
        """
        self._check_open("save_state()")
        try:
            self._shards.sync()
            kept = {"samples": len(self), "state": plain(state)}
            write_at_once(self._folder.state, json.dumps(kept).encode())
        except OSError as error:
            raise RecordingFailed(
                f"The state of {self._folder.path} could not be written: {error.strerror}."
            ) from error

    def load_state(self) -> dict[str, Any] | None:
        """The state that was saved last; ``None`` if there is none.

        Raises:
            RecordingDamaged: If it cannot be read, or samples are missing that were there when it was saved.
        """
        file = self._folder.state
        if not file.exists():
            return None
        cure = f"Remove {file}: then all samples are made again, and those that are recorded are passed over."
        try:
            kept = msgspec.convert(json.loads(file.read_bytes()), _Kept)
        except (OSError, ValueError) as error:
            raise RecordingDamaged(f"{file} cannot be read ({error}). {cure}") from error
        if kept.samples > len(self):
            raise RecordingDamaged(f"Of {kept.samples} samples that {file} knows of, {len(self)} are left. {cure}")
        return kept.state

    def close(self) -> None:
        """Ends writing. May be called more than once.

        Raises:
            RecordingFailed: If the disk does not take what was written.
        """
        if not self.is_open:
            return
        self.is_open = False
        with self._files:
            try:
                self._shards.sync()
            except OSError as error:
                raise RecordingFailed(f"{self._folder.path} could not be written: {error.strerror}.") from error

    def _check_open(self, call: str) -> None:
        if not self.is_open:
            raise EnvironmentClosed(f"{call} was called after close(); open {self._folder.path} again.")


def _lock(folder: Folder) -> ExitStack:
    """Keeps other writers away, until what is returned is closed.

    Raises:
        RecordingInUse: If there is one.
        OSError: If there can be no such folder.
    """
    folder.path.mkdir(parents=True, exist_ok=True)
    try:
        return locked(folder.path)
    except BlockingIOError:
        raise RecordingInUse(
            f"{folder.path} is being recorded to by another process. Wait for it, or record to another folder."
        ) from None


def _check_origin(folder: Folder, origin: dict[str, Any] | None) -> None:
    """Looks whether the folder may be recorded to, and says in it what is recorded.

    Raises:
        InvalidRecording: If it may not.
    """
    if not folder.about.exists():
        others = sorted(each.name for each in folder.path.iterdir() if not each.name.startswith("."))
        if others:
            raise InvalidRecording(
                f"{folder.path} has no {folder.about.name} and holds other things: {', '.join(others[:3])}. Record to "
                "a folder that is empty or does not exist."
            )
        folder.write_about(origin or {})
    recorded = folder.read_about().origin
    if origin is not None and origin != recorded:
        raise InvalidRecording(
            f"{folder.path} cannot go on with this, since it was recorded with {_differences(recorded, origin)}. "
            "Record to another folder, or remove this one."
        )


def _differences(old: dict[str, Any], new: dict[str, Any]) -> str:
    """What differs between two origins: ``seed=0 (not 1), arguments.width=640 (not 320)``."""
    old, new = _flat(old), _flat(new)
    differing = [name for name in dict.fromkeys((*old, *new)) if old.get(name) != new.get(name)]
    return ", ".join(f"{name}={old.get(name)!r} (not {new.get(name)!r})" for name in differing)


def _flat(nested: dict[str, Any], within: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in nested.items():
        path = f"{within}.{name}".strip(".")  # The only view of a sample has no name.
        flat |= _flat(value, path) if isinstance(value, dict) else {path: value}
    return flat


def _through_json(origin: Mapping[str, Any]) -> dict[str, Any]:
    """An origin as it is read back: lists in place of tuples."""
    return dict(json.loads(json.dumps(plain(origin))))
