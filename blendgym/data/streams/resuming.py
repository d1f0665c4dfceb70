"""Streams that go on from where another has stopped: what draws in each of its versions."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from blendgym.data.streams.feedback import Feedback, load_packed
from blendgym.data.streams.states import KINDS, StreamState, VersionState
from blendgym.data.streams.versions import Version
from blendgym.errors import InvalidOption
from blendgym.parameters.selection import select
from blendgym.parameters.sources import Prior, Source
from blendgym.parameters.space import ParameterSpace


def restored_versions(
    state: StreamState, parameters: ParameterSpace, feedback: Feedback | None, sources: Mapping[int, Source]
) -> list[Version]:
    """The versions that a state tells of.

    Args:
        state: Of a stream.
        parameters: All that the scenario has.
        feedback: That of the teacher, if the stream has one.
        sources: By the number of the version, the objects that draw what neither priors nor the teacher do.

    Raises:
        InvalidOption: If the teacher or a source is missing, or does not take its state.
        InvalidParameter: If a parameter is unknown, or a value or bound wrong.
    """
    return [
        Version(
            number=told["number"],
            first=told["first"],
            source=_restored(told, parameters, feedback, sources.get(told["number"])),
            fixed=parameters.validate(told["fixed"]),
            told={kind: told[kind] for kind in KINDS if kind in told},  # type: ignore[literal-required]
        )
        for told in state["versions"]
    ]


def _restored(
    told: VersionState, parameters: ParameterSpace, feedback: Feedback | None, given: Source | None
) -> Source:
    if "randomize" in told:
        return Prior(select(parameters, told["randomize"]))
    if "teacher" in told:
        return _by_teacher(told["teacher"], feedback)
    if given is None:
        number = told["number"]
        raise InvalidOption(
            f"Version {number} is drawn by a source that only a program has; load the state with "
            f"sources={{{number}: …}}."
        )
    source: Any = copy.deepcopy(given)
    if told["source"] is not None:
        load_packed(source, told["source"], f"The source of version {told['number']}")
    return source  # type: ignore[no-any-return]


def _by_teacher(state: Any, feedback: Feedback | None) -> Source:
    if feedback is None:
        raise InvalidOption("The state is that of a stream with a teacher; make this one with teacher=, too.")
    return feedback.source_of(state)
