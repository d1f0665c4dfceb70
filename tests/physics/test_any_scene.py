"""Whatever a scene has in it, its bodies move as plain Blender plays them: from the same places, in the same way."""

from __future__ import annotations

import numpy as np
import pytest
from odd_scenes import FRAMES_PER_SECOND, SCENES, saved
from playback import all_played

STEPS = 50
ROUNDING = 1e-2
"""In m, and in the elements of rotations: an impact makes much of the last digit of a pose."""

OWN_WAY = {"forgotten_keys"}
"""Plain Blender begins to simulate these a frame after the keys have moved them."""

SIMILAR = {"chain_of_welds", "nested_parents", "scaled_bodies", "spring", "weak_gravity"}
"""Each much like one of the others: left to the long tests."""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return saved(tmp_path_factory.mktemp("scenes"))


@pytest.fixture(scope="module")
def played(files, tmp_path_factory):
    return all_played(files.values(), STEPS, tmp_path_factory.mktemp("played"))


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.long) if name in SIMILAR else name for name in sorted(set(SCENES) - OWN_WAY)],
)
def test_its_bodies_move_as_plain_blender_plays_them(make_env, files, played, name):
    expected = {body: poses for body, poses in played[name].items() if not body.startswith("Part")}
    env = make_env(
        "onlookers:Watch",
        scene=str(files[name]),
        bodies=list(expected),
        control_rate=float(FRAMES_PER_SECOND),
        substeps=10,
    )
    for _ in range(2):
        env.reset(seed=0)
        steps = [env.step(np.zeros(1, np.float32))[0] for _ in range(STEPS)]
        for found, (body, poses) in zip(np.swapaxes(steps, 0, 1), expected.items(), strict=True):
            assert found == pytest.approx(poses, abs=ROUNDING), body


def test_a_body_falls_freely_from_where_forgotten_keys_have_it_at_first(make_env, files):
    env = make_env(
        "onlookers:Watch", scene=str(files["forgotten_keys"]), bodies=["Load"], control_rate=60.0, substeps=10
    )
    env.reset(seed=0)
    heights = np.array([env.step(np.zeros(1, np.float32))[0][0, 2, 3] for _ in range(30)])
    times = np.arange(1, 31) / 60
    assert heights == pytest.approx(3.0 - 9.81 / 2 * times * (times + 1 / 600), abs=1e-4)
