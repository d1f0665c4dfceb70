"""The table of passes: one record each, from which engines, spaces, messages and pictures follow."""

from __future__ import annotations

import importlib
import sys

import numpy as np
import pytest
from analytic.known import STILL_LIFE
from analytic.rays import look, rays_through

from blendgym.client.env import BlendEnv
from blendgym.images.engines import ENGINES
from blendgym.images.passes import PASSES
from blendgym.images.pictures.passes import PAINTERS, picture_of
from blendgym.images.views import make_view

WIDTH, HEIGHT = 64, 48


@pytest.fixture(scope="module")
def solids():
    env = BlendEnv("analytic.tasks:Solids")
    env.reset(seed=0)
    yield env
    env.close()


@pytest.fixture
def added():
    """A pass of one's own, for as long as the test lasts."""
    importlib.import_module("analytic.positions")
    yield "analytic.positions:Positions"
    PASSES.pop("position", None)
    sys.modules.pop("analytic.positions", None)


def test_a_pass_is_added_by_one_record_and_every_engine_gives_it(added, make_env):
    views = {engine: {"width": WIDTH, "height": HEIGHT, "engine": engine} for engine in ENGINES}
    env = make_env(added, obs_type="state_position", views=views)
    observation, _ = env.reset(seed=0)
    assert env.observation_space.contains(observation)
    for engine, view in views.items():
        capture, seen = env.capture(passes=("position",), **view), observation[f"{engine}_position"]
        np.testing.assert_array_equal(seen, capture.images["position"])
        rays = rays_through(capture.intrinsics, capture.world_to_camera, WIDTH, HEIGHT)
        sight = look(rays, STILL_LIFE.values())
        expected = rays.origin + sight.depth[..., None] * rays.steps
        where = sight.smooth & (sight.which >= 0)
        assert where.sum() > 300
        np.testing.assert_allclose(seen[where], expected[where], atol=1e-3)
        assert picture_of("position", capture).image.size == (WIDTH, HEIGHT)


def test_every_pass_has_a_painter_and_sources_that_engines_render():
    for shown in PASSES.values():
        assert shown.painter in PAINTERS
        assert bool(shown.sources) == (shown.compute is not None)
        assert not any(PASSES[source].sources for source in shown.sources)


def test_a_view_renders_each_source_once():
    view = make_view(camera="Eye", width=8, height=8, passes=("distance", "depth", "category", "rgb"))
    assert view.rendering("segmentation").passes == ("depth", "segmentation", "rgb")


@pytest.mark.parametrize("engine", ENGINES)
def test_the_category_of_a_pixel_is_that_of_the_object_it_shows(solids, engine):
    images = solids.capture("Front", ("category", "segmentation"), WIDTH, HEIGHT, engine).images
    table = np.zeros(max(solids.objects) + 1, np.int32)
    for entry in solids.objects.values():
        table[entry.id] = entry.category_id
    assert images["category"].dtype == np.int32
    np.testing.assert_array_equal(images["category"], table[images["segmentation"]])
    assert len(np.unique(images["category"])) > 2


def test_things_of_one_category_share_its_number_and_others_do_not(make_env):
    env = make_env("analytic.tasks:Fleet")
    env.reset(seed=0)
    entries = env.objects.values()
    numbers = {entry.name: entry.category_id for entry in entries}
    assert numbers["Boat"] == numbers["Boat.001"] == numbers["Tanker"] != numbers["Buoy"]
    assert env.categories == {entry.category_id: entry.category for entry in entries}
    images = env.capture("Bridge", ("category", "segmentation"), WIDTH, HEIGHT).images
    assert {env.categories.get(number) for number in np.unique(images["category"])} == {None, "Boat", "Buoy"}
    assert len(np.unique(images["segmentation"])) == 5, "four things and the background"
