"""Streams that go on from where another has stopped: what its state says, and whether it fits."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from blendgym.data.feedback import Feedback
from blendgym.data.versions import Version
from blendgym.errors import InvalidOption
from blendgym.parameters.selection import select
from blendgym.parameters.sources import Prior, Source
from blendgym.parameters.space import ParameterSpace
from blendgym.teachers.plain_states import unpacked

PARTS = ("teacher", "next", "start", "end", "slots", "due", "skipped", "newest", "versions")
"""What a state says beside ``about``."""

KINDS = ("randomize", "teacher", "source")
"""What the source of a version may be made of: priors, the teacher of the stream, an object of the user's."""


def check_same(about: Mapping[str, Any], state: Mapping[str, Any]) -> None:
    """Looks whether a state is that of a certain stream.

    Args:
        about: What identifies the stream.
        state: What is to be loaded.

    Raises:
        InvalidOption: If it is not; the message says what differs.
    """
    told = state.get("about") if isinstance(state, Mapping) else None
    if not isinstance(told, Mapping) or not set(PARTS) <= set(state):
        raise InvalidOption(f"{state!r:.80} is no state of a stream; expected what state_dict() gives.")
    differs = [f"{name}={told.get(name)!r} (not {own!r})" for name, own in about.items() if told.get(name) != own]
    if differs:
        raise InvalidOption(f"The state is that of another stream, with {', '.join(differs)}.")


def restored_versions(
    state: Mapping[str, Any], parameters: ParameterSpace, feedback: Feedback | None, sources: Mapping[int, Source]
) -> list[Version]:
    """The versions that a state tells of.

    Args:
        state: Of a stream.
        parameters: All that the scenario has.
        feedback: That of the teacher, if the stream has one.
        sources: By the number of the version, the objects that draw what neither priors nor the teacher do.

    Raises:
        InvalidOption: If the teacher or a source is missing.
    """
    return [
        Version(
            number=told["number"],
            first=told["first"],
            source=_restored(told, parameters, feedback, sources.get(told["number"])),
            fixed=told["fixed"],
            told={kind: told[kind] for kind in KINDS if kind in told},
        )
        for told in state["versions"]
    ]


def _restored(
    told: Mapping[str, Any], parameters: ParameterSpace, feedback: Feedback | None, given: Source | None
) -> Source:
    if "randomize" in told:
        return Prior(select(parameters, told["randomize"]))
    if "teacher" in told:
        return _by_teacher(told, feedback)
    if given is None:
        number = told["number"]
        raise InvalidOption(
            f"Version {number} is drawn by a source that only a program has; load the state with "
            f"sources={{{number}: …}}."
        )
    source: Any = copy.deepcopy(given)
    if told["source"] is not None:
        source.load_state_dict(unpacked(told["source"]))
    return source  # type: ignore[no-any-return]


def _by_teacher(told: Mapping[str, Any], feedback: Feedback | None) -> Source:
    if feedback is None:
        raise InvalidOption("The state is that of a stream with a teacher; make this one with teacher=, too.")
    return feedback.source_of(told["teacher"])
