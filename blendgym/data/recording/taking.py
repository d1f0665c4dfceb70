"""A stream that is recorded while it is made, and goes on where its recording ends."""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import TYPE_CHECKING

import numpy as np

from blendgym.data.recording.recording import Recording
from blendgym.data.recording.replay import Replay
from blendgym.data.recording.samples import files_of
from blendgym.data.sample import Sample
from blendgym.errors import InvalidRecording

if TYPE_CHECKING:
    from blendgym.data.streams.stream import Stream

OWNER = "recording"

SECONDS = 5.0
"""Between two states that are saved, unless there is a new version. What a crash leaves without one is made again, and
is not recorded twice."""


def recorded(stream: Stream, recording: Recording) -> Generator[Sample, None, None]:
    """Takes what a stream has left into a recording, and gives each sample when it is there.

    The stream goes on where the recording ends, after a crash too; the samples are those of one that was never
    interrupted. What has ended early, by an error or by leaving the loop, goes on likewise. Without a state, samples
    that are there are made again, compared, and passed over.

    Args:
        stream: With ``order="index"``; its state is replaced by the recording's, if that has one.
        recording: Of the same stream.

    Raises:
        RecordingFailed: If a sample cannot be written.
        InvalidOption: If the stream gives samples in another order, or the state is that of another stream.
        InvalidRecording: If a sample that is there is another one than the stream makes; it stays.
    """
    state, first = recording.load_state(), recording.next_index
    if state is not None:
        stream.load_state_dict(state)
    there, is_same = Replay(recording.path), True
    saved, version = time.monotonic(), 0
    try:
        while (sample := stream.take(OWNER)) is not None:
            if sample.index >= first:
                recording.write(sample)
            elif not (is_same := _is_same(there, sample)):
                raise InvalidRecording(
                    f"{recording.path} has another sample {sample.index} than this stream makes: it was recorded from "
                    "another stream, or with other versions. Record to another folder, or remove this one."
                )
            stream.confirm([sample.index])
            if time.monotonic() - saved > SECONDS or sample.version != version:
                recording.save_state(stream.state_dict())
                saved, version = time.monotonic(), sample.version
            if sample.index >= first:
                yield sample
    finally:
        if recording.is_open and is_same:  # After an error in the loop, this may run after all else.
            recording.save_state(stream.state_dict())


def _is_same(there: Replay, sample: Sample) -> bool:
    """Whether a sample is the one that is there under its index, bit for bit; none is if it was skipped then.

    Of later versions, which depend on what training has said meanwhile, the seed is compared.
    """
    place = int(np.searchsorted(there.indices, sample.index))
    if place == len(there) or there.indices[place] != sample.index:
        return True
    before = there[place]
    if before.version or sample.version:
        return before.seed == sample.seed
    return files_of(before) == files_of(sample)
