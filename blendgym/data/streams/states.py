"""What the state of a stream consists of, and whether one that is given is whole, and of this stream."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, NotRequired, TypedDict

import msgspec

from blendgym.bounds import Natural
from blendgym.errors import InvalidOption

KINDS = ("randomize", "teacher", "source")
"""What the source of a version may be made of: priors, the teacher of the stream, an object of the user's."""


class VersionState(TypedDict):
    """Of a version: what ``Version`` holds, and one of ``KINDS``."""

    number: Natural
    first: Natural
    fixed: dict[str, float]
    randomize: NotRequired[Any]
    teacher: NotRequired[Any]
    source: NotRequired[Any]


class SkippedState(TypedDict):
    """Of an index that has no sample."""

    index: Natural
    seed: Natural
    version: Natural
    reason: str


class StreamState(TypedDict):
    """Of a stream: what identifies it, its teacher, its book, what was skipped, and its versions."""

    about: dict[str, Any]
    teacher: dict[str, Any] | None
    next: Natural
    start: Natural
    end: Natural | None
    slots: Natural
    due: list[tuple[Natural, Natural]]
    skipped: list[SkippedState]
    newest: Natural
    versions: Annotated[list[VersionState], msgspec.Meta(min_length=1)]


def read_state(about: Mapping[str, Any], state: Any) -> StreamState:
    """Reads what ``Stream.state_dict`` has given.

    Args:
        about: What identifies the stream that is to go on from there.
        state: What was given.

    Raises:
        InvalidOption: If it is that of another stream, or none; the message says what differs or is wrong.
    """
    try:
        read = msgspec.convert(state, StreamState)
    except msgspec.ValidationError as error:
        raise InvalidOption(
            f"{state!r:.80} is no state of a stream: {error}. Expected what state_dict() gives."
        ) from None
    told = read["about"]
    differs = [f"{name}={told.get(name)!r} (not {own!r})" for name, own in about.items() if told.get(name) != own]
    if differs:
        raise InvalidOption(f"The state is that of another stream, with {', '.join(differs)}.")
    damage = _damage(read, about["count"])
    if damage:
        raise InvalidOption(f"The state of the stream was changed or damaged: {damage}. Load another one.")
    return read


def _damage(state: StreamState, count: int | None) -> str:
    """What contradicts itself in a state; empty if nothing does."""
    places, slots = [place for place, _ in state["due"]], [slot for _, slot in state["due"]]
    end = state["next"] if state["end"] is None else state["end"]
    if not state["start"] <= state["next"] <= end or (state["end"] is None) != (count is None):
        return f"its pass goes from {state['start']} to {state['end']}, and {state['next']} comes next"
    if not _ascends([*places, state["next"]]) or not all(slot < state["slots"] for slot in slots):
        return f"of {state['slots']} samples before place {state['next']}, these are due: {state['due']!r:.80}"
    versions = state["versions"]
    oldest = min(places, default=state["next"])
    if versions[0]["first"] > oldest or not _ascends([version["first"] for version in versions]):
        return f"its versions begin at {[version['first'] for version in versions]!r:.80}, and place {oldest} is due"
    if not _ascends([*(version["number"] for version in versions), state["newest"] + 1]):
        return f"its versions are {[version['number'] for version in versions]!r:.80} of {state['newest']}"
    if any(len(version.keys() & set(KINDS)) != 1 for version in versions):
        return f"a version is drawn from not one of {', '.join(KINDS)}"
    return ""


def _ascends(numbers: list[int]) -> bool:
    return all(one < other for one, other in pairwise(numbers))
