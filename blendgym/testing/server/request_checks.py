"""A server refuses what its own welcome does not allow, and nothing has changed then."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import partial
from typing import Any

import numpy as np

from blendgym.errors import BlendgymError, InvalidAction, InvalidOption, InvalidParameter, RenderError
from blendgym.images.views import View
from blendgym.testing.illegal_actions import illegal_actions
from blendgym.testing.server.server_under_test import ServerUnderTest
from blendgym.wire import messages
from blendgym.wire.messages import MAX_SEED, Episode

Illegal = tuple[str, type[messages.Request], dict[str, Any]]
"""What is wrong with a request, its kind, and its fields."""


def check_illegal_actions_are_refused(server: ServerUnderTest) -> None:
    """Wrong dtypes, shapes, numbers of actions, NaN, infinity, and values just outside of the bounds."""
    legal, slots = server.actions[0], server.welcome.slots
    steps: list[Illegal] = [
        ("A step with one action too many", messages.Step, {"actions": np.concatenate([legal, legal[:1]])}),
        ("A step with one action too few", messages.Step, {"actions": legal[:-1]}),
        ("A step of fewer slots than actions", messages.Step, {"actions": legal, "slots": (0,) * (slots > 1)}),
    ]
    for what, action in illegal_actions(server.welcome.action_space):
        steps.append((f"A step with {what} in every slot", messages.Step, {"actions": np.stack([action] * slots)}))
        if action.dtype == legal.dtype and action.shape == legal.shape[1:]:
            last = np.concatenate([legal[:-1], action[None]])
            steps.append((f"A step with {what} in the last slot", messages.Step, {"actions": last}))
    _check_refused(server, InvalidAction, steps)


def check_illegal_slots_are_refused(server: ServerUnderTest) -> None:
    """Slots that do not exist, and slots named twice."""
    action, beyond = server.actions[0][:1], server.welcome.slots
    requests: list[Illegal] = []
    for what, slot in (("beyond the last", beyond), ("below 0", -1), ("far beyond the last", 2**40)):
        requests += [
            (f"A step of a slot {what}", messages.Step, {"actions": action, "slots": (slot,)}),
            (f"A reset of a slot {what}", messages.Reset, {"episodes": (Episode(slot=slot, seed=0),)}),
            (
                f"A reset of slot 0 and one {what}",
                messages.Reset,
                {"episodes": (Episode(seed=0), Episode(slot=slot, seed=0))},
            ),
            (f"A picture of a slot {what}", messages.Render, {"slot": slot, "views": (_view(server),)}),
        ]
    twice = np.concatenate([action, action])
    requests += [
        ("A step of the same slot twice", messages.Step, {"actions": twice, "slots": (0, 0)}),
        ("A reset of the same slot twice", messages.Reset, {"episodes": (Episode(seed=0), Episode(seed=1))}),
    ]
    _check_refused(server, InvalidOption, requests)


def check_illegal_seeds_are_refused(server: ServerUnderTest) -> None:
    """Seeds below 0 and above the highest, for the last slot as well."""
    for seed in (-1, -(2**63), MAX_SEED + 1, 2**64 - 1):
        _check_refused(server, InvalidOption, [(f"A reset with the seed {seed}", *_reset_last(server, seed=seed))])


def check_illegal_parameters_are_refused(server: ServerUnderTest) -> None:
    """Unknown names, values out of bounds, NaN and infinity, for the last slot as well."""
    given: list[dict[str, float]] = [{"no.such.parameter": 1.0}, {"": 0.0}]
    for spec in server.welcome.parameters:
        beyond = math.nextafter(spec.low, -math.inf), math.nextafter(spec.high, math.inf)
        given += [{spec.name: value} for value in (*beyond, math.nan, math.inf, -math.inf)]
    for values in given:
        reset = _reset_last(server, seed=0, parameters=values)
        _check_refused(server, InvalidParameter, [(f"A reset with the parameters {values}", *reset)])


def check_illegal_pictures_are_refused(server: ServerUnderTest) -> None:
    """Unknown cameras, passes and engines, sizes that are none, and samples that no engine takes."""
    changes: list[dict[str, Any]] = [
        {"camera": "No such camera"}, {"passes": ("no such pass",)}, {"passes": ()}, {"engine": "no such engine"},
        {"width": 0}, {"height": -1}, {"width": 10**9}, {"height": 2**40}, {"samples": -1}, {"samples": 10**9},
        {"intrinsics": ((math.nan,) * 3,) * 3}, {"world_to_camera": ((0.0,),)},
    ]  # fmt: skip
    _check_refused(server, RenderError, [
        (f"A picture with {change}", messages.Render, {"views": (_view(server, **change),)}) for change in changes
    ])  # fmt: skip


def _reset_last(server: ServerUnderTest, **episode: Any) -> tuple[type[messages.Request], dict[str, Any]]:
    """A reset of all slots, of which only the last is illegal."""
    last = Episode(slot=server.welcome.slots - 1, **episode)
    return messages.Reset, {"episodes": (*server.episodes[:-1], last)}


def _view(server: ServerUnderTest, **changes: Any) -> View:
    return View(**{"camera": server.welcome.cameras[0], "width": 8, "height": 8, **changes})


def _check_refused(server: ServerUnderTest, error: type[BlendgymError], requests: Iterable[Illegal]) -> None:
    """Sends each request in the midst of episodes."""
    for what, kind, fields in requests:
        server.require_refused(partial(server.client.ask, kind, **fields), error, what)


REQUEST_CHECKS = (
    check_illegal_actions_are_refused,
    check_illegal_slots_are_refused,
    check_illegal_seeds_are_refused,
    check_illegal_parameters_are_refused,
    check_illegal_pictures_are_refused,
)
