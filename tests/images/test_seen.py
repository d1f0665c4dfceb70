"""One truth in all engines: which things are seen, in which shape, and with which ids."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from analytic.rays import alike
from engines import EACH_ENGINE
from sights.grid import HEIGHT, NOTHING, VISIBLE, WIDTH, cell, place

from blendgym.client.env import BlendEnv

NUMBERS = {each.name: number for number, each in enumerate(VISIBLE)}
DARK = 8


@pytest.fixture(scope="module")
def env():
    made = BlendEnv("sights.tasks:Seen")
    made.reset(seed=0)
    yield made
    made.close()


@pytest.fixture(scope="module")
def captured(env):
    """What an engine shows, by its name."""

    @cache
    def capture(engine):
        return env.capture("Camera", ("rgb", "segmentation", "depth"), WIDTH, HEIGHT, engine, samples=1)

    return capture


@pytest.fixture(params=EACH_ENGINE)
def capture(captured, request):
    return captured(request.param)


@pytest.mark.parametrize("name", NUMBERS)
def test_what_renders_show_has_an_id_and_nothing_else_has(env, capture, name):
    ids = np.unique(cell(capture.images["segmentation"], NUMBERS[name])).tolist()
    assert tuple(sorted(env.objects[number].name for number in ids if number)) == VISIBLE[NUMBERS[name]].seen


@pytest.mark.parametrize("name", NUMBERS)
def test_colours_show_what_has_an_id_and_nothing_else(capture, name):
    ids, colours = (cell(capture.images[each], NUMBERS[name]) for each in ("segmentation", "rgb"))
    inside = alike(ids, reach=2)  # EEVEE's filter is wider than a pixel.
    np.testing.assert_array_equal((colours.max(axis=2) > DARK)[inside], (ids > 0)[inside])


@pytest.mark.parametrize("name", [each.name for each in VISIBLE if each.pixels])
def test_shapes_are_those_of_renders(capture, name):
    rows, columns = np.nonzero(cell(capture.images["segmentation"], NUMBERS[name]))
    assert (np.ptp(rows) + 1, np.ptp(columns) + 1) == VISIBLE[NUMBERS[name]].pixels


def test_all_engines_have_the_same_annotations(captured, capture):
    first = captured("raster")
    for name in ("segmentation", "depth"):
        np.testing.assert_array_equal(capture.images[name], first.images[name])
    assert [each.name for each in capture.objects] == [each.name for each in first.objects]


def test_what_is_in_sight_is_what_has_an_id_in_some_pixel_or_is_covered(capture):
    seen = {name for each in VISIBLE for name in each.seen}
    assert {each.name for each in capture.objects if each.pixels} == seen
    assert {each.name for each in capture.objects if not each.pixels} == {"Behind, in front", "Without size"}


@pytest.mark.parametrize("name", ["Of a collection", "Of the same", "Nested"])
def test_an_instance_has_the_pose_of_its_instancer(capture, name):
    (seen,) = (each for each in capture.objects if each.name == f"{name}/Part")
    np.testing.assert_allclose(seen.pose[:3, 3], place(NUMBERS[name]), atol=1e-6)
    assert seen.category == "part"


def test_boxes_are_those_of_the_render_s_shape(capture):
    for each in VISIBLE:
        if each.pixels and len(each.seen) == 1:
            (seen,) = (other for other in capture.objects if other.name == each.seen[0])
            left, top, right, bottom = seen.amodal_box
            assert (bottom - top, right - left) == pytest.approx(each.pixels, abs=1.5)


def test_ids_are_the_same_in_the_next_episode_and_on_another_server(env, captured, make_env):
    expected = captured("raster").images["segmentation"]
    other = make_env("sights.tasks:Seen")
    other.reset(seed=1)
    env.reset(seed=1)
    assert other.objects == env.objects
    for each in (env, other):
        again = each.capture("Camera", ("segmentation",), WIDTH, HEIGHT, "raster")
        np.testing.assert_array_equal(again.images["segmentation"], expected)


def test_the_table_has_something_to_hide_and_something_to_show():
    assert sum(each.seen == NOTHING for each in VISIBLE) > 8
    assert sum(each.seen != NOTHING for each in VISIBLE) > 16
