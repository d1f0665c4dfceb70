"""A stream that is recorded while it is made, and goes on where its recording ends."""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import TYPE_CHECKING

from blendgym.data.recording.recording import Recording
from blendgym.data.sample import Sample

if TYPE_CHECKING:
    from blendgym.data.stream import Stream

OWNER = "recording"

SECONDS = 5.0
"""Between two states that are saved. What a crash leaves without one is made again, and is not recorded twice."""


def recorded(stream: Stream, recording: Recording) -> Generator[Sample, None, None]:
    """Takes what a stream has left into a recording, and gives each sample when it is there.

    The stream goes on where the recording ends, after a crash too; the samples are those of one that was never
    interrupted. What has ended early, by an error or by leaving the loop, goes on likewise.

    Args:
        stream: With ``order="index"``; its state is replaced by the recording's, if that has one.
        recording: Of the same stream.

    Raises:
        RecordingFailed: If a sample cannot be written.
        InvalidOption: If the stream gives samples in another order.
    """
    state, first = recording.load_state(), recording.next_index
    if state is not None:
        stream.load_state_dict(state)
    saved = time.monotonic()
    try:
        while (sample := stream.take(OWNER)) is not None:
            if sample.index >= first:
                recording.write(sample)
            stream.confirm([sample.index])
            if time.monotonic() - saved > SECONDS:
                recording.save_state(stream.state_dict())
                saved = time.monotonic()
            if sample.index >= first:
                yield sample
    finally:
        if recording.is_open:  # After an error in the loop, this may run after all else.
            recording.save_state(stream.state_dict())
