"""A scenario gives a mesh another shape: engines show it, bodies touch with it, the next sample has forgotten it."""

from __future__ import annotations

import numpy as np
import pytest
from engines import EACH_ENGINE
from reshaping.scenarios import MISTAKES
from shared import shared_env

from blendgym.errors import ParameterNotInEffect, SceneError

STRETCHED = "reshaping.scenarios:Stretched"
SIZE = {"width": 96, "height": 64}


env = shared_env(STRETCHED)
wrong = shared_env("reshaping.scenarios:Wrong")


def seen(env, engine, **values):
    """How many pixels the sign has by its colour and by its id, with its box."""
    env.reset(seed=0, options={"params": values})
    capture = env.capture(engine=engine, passes=("rgb", "segmentation"), **SIZE)
    (sign,) = (each for each in capture.objects if each.name == "Sign")
    return int((capture.images["rgb"].max(axis=-1) > 100).sum()), sign.pixels, sign.box


@pytest.mark.parametrize("engine", EACH_ENGINE)
def test_every_engine_shows_the_new_shape_and_then_the_old_one(env, engine):
    built = seen(env, engine)
    white, pixels, box = seen(env, engine, stretch=2.0)
    assert white == pytest.approx(2 * built[0], rel=0.1)
    assert pixels == pytest.approx(2 * built[1], rel=0.1)
    assert box[2] - box[0] == pytest.approx(2 * (built[2][2] - built[2][0]), abs=2)
    assert seen(env, engine) == built


@pytest.mark.parametrize("stretch", [0.5, 1.0, 2.0])
def test_bodies_touch_with_the_new_shape(env, stretch):
    labels, _ = env.reset(seed=0, options={"params": {"stretch": stretch}})
    assert labels["heights"] == pytest.approx([stretch / 2, stretch / 2], abs=0.01)


def test_a_new_shape_that_undoes_what_a_parameter_has_done_is_told(make_env):
    env = make_env("reshaping.scenarios:Contradicted")
    env.reset(seed=0, options={"params": {"block.length": 1.5}})
    with pytest.raises(ParameterNotInEffect, match="'block.length' was set to 1.5 m, but 3 is in effect"):
        env.reset(seed=0, options={"params": {"stretch": 2.0, "block.length": 1.5}})
    labels, _ = env.reset(seed=0, options={"params": {"block.length": 0.5}})
    assert labels["heights"] == pytest.approx([0.25, 0.5], abs=0.01)


def test_the_next_sample_has_the_old_shape_bit_for_bit(env):
    first = env.reset(seed=0)[0]
    env.reset(seed=0, options={"params": {"stretch": 3.3}})
    again = env.reset(seed=0)[0]
    assert first["built"].shape == (8, 3)
    assert all(np.array_equal(first[name], again[name]) for name in first)


def test_a_copy_is_reshaped_if_it_is_the_only_one(make_env):
    env = make_env("reshaping.scenarios:Copied")
    for _ in range(2):
        env.reset(seed=0)
        (crate,) = (each for each in env.capture(objects=True, **SIZE).objects if each.category == "Crate")
        assert np.ptp(crate.corners, axis=0) == pytest.approx([2.0, 2.0, 2.0])
    with pytest.raises(SceneError, match=r"for Crate\.002 would change with it"):
        env.reset(seed=0, options={"params": {"count": 2}})


@pytest.mark.parametrize("number", range(1, len(MISTAKES) + 1), ids=list(MISTAKES))
def test_what_is_not_there_or_cannot_be_is_refused(wrong, number):
    with pytest.raises(SceneError, match=[*MISTAKES.values()][number - 1]):
        wrong.reset(seed=0, options={"params": {"mistake": number}})


def test_a_mesh_is_not_reshaped_while_an_episode_is_under_way(wrong):
    wrong.reset(seed=0)
    with pytest.raises(SceneError, match="Mesh 'Sign' is reshaped in Task.reset, not in a running episode"):
        wrong.step(np.int64(0))
