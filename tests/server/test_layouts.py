"""Each episode has a scene of its own, made of copies of templates: the same for the same seed, and nothing is left."""

from __future__ import annotations

import numpy as np
import pytest
from heaps.wrong import FAULTS
from shared import shared_env

from blendgym.client.env import BlendEnv
from blendgym.errors import SceneError
from blendgym.vector.vector_env import BlendVectorEnv

HEAP = "heaps.task:Heap"
TOLD = r"Sofa|'A'|'Floor'|finite|zeros|scale|mass|Gold|Item|10000|a text|\['Crate'\]|cannot begin with|resolves"
STILL = np.zeros(1, np.float32)


heap = shared_env(HEAP)


@pytest.fixture(scope="module")
def wrong():
    env = BlendEnv("heaps.wrong:Wrong")
    env.reset(seed=0)
    yield env
    env.close()


def fallen(env, seed, crates, steps=30):
    first, _ = env.reset(seed=seed, options={"params": {"crates": crates}})
    return np.array([first, *(env.step(STILL)[0] for _ in range(steps))])


def names(env):
    return [entry.name for entry in env.objects.values()]


def test_an_episode_has_as_many_things_as_its_layout_says(heap):
    for crates in (3, 0, 12, 5):
        observation, _ = heap.reset(seed=0, options={"params": {"crates": crates}})
        assert observation[0] == crates
        assert names(heap) == ["Floor", *(f"Crate.{number + 1:03}" for number in range(crates)), "Street lamp"]


def test_what_was_laid_out_before_changes_nothing(heap):
    first = fallen(heap, seed=1, crates=8)
    for crates in (0, 20, 1):
        fallen(heap, seed=2, crates=crates, steps=3)
    assert np.array_equal(fallen(heap, seed=1, crates=8), first)


def test_another_server_lays_out_the_same(heap, make_env):
    assert np.array_equal(fallen(make_env(HEAP), seed=3, crates=8), fallen(heap, seed=3, crates=8))


def test_every_slot_has_a_layout_of_its_own(heap):
    envs = BlendVectorEnv(HEAP, num_envs=3, num_servers=1)
    try:
        crates = [{"crates": number} for number in (2, 7, 4)]
        observations, _ = envs.reset(seed=[1, 2, 3], options={"params": crates})
        assert observations[:, 0].tolist() == [2, 7, 4]
        assert [len(env.objects) for env in envs.slots] == [4, 9, 6]
        moved = envs.step(np.zeros((3, 1), np.float32))[0]
        assert np.array_equal(moved[1], fallen(heap, seed=2, crates=7, steps=1)[1])
    finally:
        envs.close()


def test_things_fall_with_the_velocity_that_their_layout_gives_them(heap):
    heights = fallen(heap, seed=4, crates=1, steps=4)[:, 1]
    times = np.arange(5) / 20.0
    # Ten semi-implicit steps a frame fall a little farther than the parabola.
    assert heights == pytest.approx(heights[0] - times - 9.81 / 2 * times * (times + 0.005), abs=1e-4)


def test_actuators_act_on_the_things_of_the_present_layout(make_env):
    env = make_env("heaps.hovering:Hovering")
    for seed in range(3):
        heights = fallen(env, seed, crates=3, steps=10)[:, 1]
        assert heights == pytest.approx(np.full(11, heights[0]), abs=1e-4)


def test_crates_that_are_held_and_let_go_of_fall_alike_in_every_slot_and_after_any_episode(make_env):
    env = make_env("heaps.dropping:Dropping")
    first = fallen(env, seed=1, crates=5, steps=5)
    assert first[0] == pytest.approx([2.0, 2.0, 2.0])
    assert (np.count_nonzero(first < 1.9, axis=1)[:4] == [0, 1, 2, 3]).all()
    fallen(env, seed=2, crates=8, steps=3)  # It ends with crates that are held.
    assert np.array_equal(fallen(env, seed=1, crates=5, steps=5), first)
    envs = BlendVectorEnv("heaps.dropping:Dropping", num_envs=2, num_servers=1)
    try:
        envs.reset(seed=[3, 1], options={"params": [{"crates": 4}, {"crates": 5}]})
        side_by_side = np.array([envs.step(np.zeros((2, 1), np.float32))[0][1] for _ in range(5)])
    finally:
        envs.close()
    assert np.array_equal(side_by_side, first[1:])


def test_actuators_are_made_anew_for_each_layout_in_every_slot():
    envs = BlendVectorEnv("heaps.lifting:Lifting", num_envs=3, num_servers=1)
    still = np.zeros((3, 1), np.float32)
    try:
        for seed in range(20):
            rows = [envs.reset(seed=[seed] * 3)[0], *(envs.step(still)[0] for _ in range(20))]
            assert all(np.array_equal(row, np.broadcast_to(row[0], row.shape)) for row in rows)
    finally:
        envs.close()


def test_twice_the_size_is_eight_times_the_mass(make_env):
    env = make_env("heaps.masses:Masses")
    assert env.reset(seed=0)[0] == pytest.approx([2.0, 16.0, 0.25, 5.0])


def test_things_are_seen_with_names_categories_and_materials_of_their_own(heap):
    heap.reset(seed=5, options={"params": {"crates": 6}})
    picture = heap.capture(passes=("segmentation", "rgb"), engine="raster", width=160, height=120)
    seen = {each.name: each for each in picture.objects}
    assert set(seen) == set(names(heap))
    assert (seen["Street lamp"].category, seen["Crate.001"].category) == ("furniture", "Crate")
    for each in seen.values():
        assert np.count_nonzero(picture.images["segmentation"] == each.id) == each.pixels
    red, _, blue = picture.images["rgb"][picture.images["segmentation"] == seen["Crate.001"].id].mean(axis=0)
    assert red > 1.5 * blue  # wood
    red, _, blue = picture.images["rgb"][picture.images["segmentation"] == seen["Crate.003"].id].mean(axis=0)
    assert red < blue  # iron


@pytest.mark.parametrize("layouts", [100, pytest.param(1000, marks=pytest.mark.long)])
def test_nothing_is_left_of_many_layouts(make_env, layouts):
    env = make_env("heaps.counting:Counting")
    counts = [env.reset(seed=seed)[0] for seed in range(layouts)]
    assert len({tuple(count) for count in counts[50:]}) == 1


@pytest.mark.parametrize("what", FAULTS)
def test_a_layout_that_cannot_be_is_an_error_and_the_next_episode_is_right(wrong, what):
    pid = wrong.server_pid
    for _ in range(2):
        with pytest.raises(SceneError, match=TOLD):
            wrong.reset(seed=0, options=FAULTS[what])
        assert wrong.reset(seed=0)[0].tolist() == [1, 1]
    assert wrong.server_pid == pid


def test_all_that_a_layout_cannot_have_is_told_at_once(wrong):
    with pytest.raises(SceneError, match=r"(?s)has 3 faults.*Gold.*1000000.*no body"):
        wrong.reset(seed=0, options=FAULTS["several things at once"])


def test_a_template_that_the_scene_does_not_have_is_named(make_env):
    with pytest.raises(SceneError, match=r"'Sofa'.*Crate"):
        make_env("heaps.sofa:Sofa").reset(seed=0)


def test_an_environment_with_layouts_keeps_the_promises_of_gymnasium(heap):
    from gymnasium.utils.env_checker import check_env

    check_env(heap, skip_render_check=True)
