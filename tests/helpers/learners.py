"""What students are taught with, and what can be seen of them."""

from __future__ import annotations

import numpy as np

from blendgym.parameters.episodes import plain_tasks


class Uniform:
    """Uniform tasks; notes what it handed out."""

    def __init__(self, dimensions, trains=True):
        self.dimensions, self.trains, self.handed_out = dimensions, trains, []

    def sample(self, generator, count):
        tasks = plain_tasks(generator.random((count, self.dimensions)), version=len(self.handed_out))
        tasks = tasks._replace(tags=np.arange(count) + 1000 * len(self.handed_out), trains=np.full(count, self.trains))
        self.handed_out.append(tasks)
        return tasks


def flat(state):
    """All leaves of a state by their paths."""
    if isinstance(state, dict):
        return {f"{key}.{path}": leaf for key, inner in state.items() for path, leaf in flat(inner).items()}
    if isinstance(state, list):
        return flat(dict(enumerate(state)))
    return {"": state}


def assert_same(state, other):
    state, other = flat(state), flat(other)
    assert state.keys() == other.keys()
    for path, leaf in state.items():
        np.testing.assert_array_equal(leaf, other[path], path)


def assert_same_episodes(episodes, others):
    for column, other in zip(episodes, others, strict=True):
        np.testing.assert_array_equal(column, other)


def learnt(student):
    """The part of a state that is skill."""
    state = student.state_dict()
    return next(state[key] for key in ("skills", "policy", "networks") if key in state)
