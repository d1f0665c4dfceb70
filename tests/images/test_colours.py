"""Colours against the closed forms of emission, Lambert's law and Blender's lamps, by every engine that claims them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from analytic.known import ABOVE, ALBEDO, GIVEN_MATRIX, GIVEN_POSE, LAMPS, LENSES, PATCHES, SKY, Place
from analytic.points import FORMATS, begin, markers_in, misses
from analytic.rays import rays_through
from engines import EACH_ENGINE, each_of
from hypothesis import given
from hypothesis.extra import numpy as hnp
from hypothesis.strategies import data
from shared import shared_env
from srgb import encoded

from blendgym.blender.render.colours import without_fourth
from blendgym.client.env import BlendEnv
from blendgym.images.engines import ENGINES

RADIOMETRIC = each_of(name for name, engine in ENGINES.items() if "rgb_linear" in engine.passes)
WITHOUT_NOISE = {"raster": 1, "cycles": 1}  # samples: one in the middle of each pixel, under lamps without extent
LINEAR_TOLERANCE = {"raster": 1e-3, "eevee": 2e-3, "cycles": 1e-3}  # The first two work with half floats.
BRIGHT = 40  # of 255
WIDTH, HEIGHT = 32, 24


@pytest.fixture(scope="module")
def dark():
    """Bright things in the dark."""
    made = BlendEnv("analytic.tasks:Markers")
    made.reset(seed=0)
    yield made
    made.close()


lit = shared_env("analytic.tasks:Lamps")
"""A floor under one lamp of several."""


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
@given(data())
def test_three_channels_are_what_is_left_of_pixels_without_their_fourth(dtype, drawn):
    size = drawn.draw(hnp.array_shapes(min_dims=2, max_dims=2, max_side=9))
    pixels = drawn.draw(hnp.arrays(dtype, (*size, 4)))
    colours = without_fourth(pixels)
    np.testing.assert_array_equal(colours, pixels[..., :3])
    assert colours.flags.c_contiguous
    assert colours.flags.writeable


@pytest.mark.parametrize("lens", LENSES)
@pytest.mark.parametrize("engine", EACH_ENGINE)
def test_a_picture_shows_points_where_the_matrices_of_its_capture_say(dark, engine, lens):
    for pixels in (FORMATS[0], FORMATS[3]):
        begin(dark, pixels)
        seen = dark.capture(lens, ("rgb",), engine=engine, **pixels.size)
        assert len(markers_in(seen)) >= 12, "otherwise this shows little"
        assert misses(seen.images["rgb"].max(axis=2) > BRIGHT, seen).max() < 0.5, pixels


@pytest.mark.parametrize("engine", EACH_ENGINE)
def test_a_picture_by_a_given_matrix_and_pose_shows_points_where_they_say(dark, engine):
    begin(dark, FORMATS[0])
    seen = dark.capture(engine=engine, intrinsics=GIVEN_MATRIX, world_to_camera=GIVEN_POSE, **FORMATS[0].size)
    assert len(markers_in(seen)) >= 20
    assert misses(seen.images["rgb"].max(axis=2) > BRIGHT, seen).max() < 0.5


@pytest.mark.parametrize("engine", RADIOMETRIC)
def test_an_emitting_surface_has_the_radiance_that_it_emits(dark, engine):
    seen = wall(dark, engine, "rgb_linear")
    np.testing.assert_allclose(seen, PATCHES, rtol=LINEAR_TOLERANCE[engine], atol=LINEAR_TOLERANCE[engine])


@pytest.mark.parametrize("engine", RADIOMETRIC)
def test_an_emitting_surface_is_shown_as_srgb_has_it(dark, engine):
    shown = wall(dark, engine, "rgb")
    expected = 255 * encoded(np.minimum(PATCHES, 1.0))
    np.testing.assert_allclose(shown, expected, atol=1)


@pytest.mark.parametrize("engine", EACH_ENGINE)
def test_a_black_sky_is_black(dark, engine):
    assert dark.capture("Wall", width=80, height=20, engine=engine).images["rgb"][:3].max() <= 1


@pytest.mark.parametrize("engine", WITHOUT_NOISE)
def test_the_sky_has_the_radiance_that_it_was_given(lit, engine):
    begin_under(lit, "Sun")
    upwards = Place(ABOVE.location, (180.0, 0.0, 0.0)).world_to_camera
    capture = lit.capture(None, ("rgb_linear",), WIDTH, HEIGHT, engine, world_to_camera=upwards)
    np.testing.assert_allclose(capture.images["rgb_linear"], np.full((HEIGHT, WIDTH, 3), SKY), rtol=1e-3)


@pytest.mark.parametrize("engine", WITHOUT_NOISE)
@pytest.mark.parametrize("lamp", ["Sun", "Point", "Spot"])
def test_a_matt_floor_under_a_lamp_has_the_radiance_of_lamberts_law(lit, lamp, engine):
    begin_under(lit, lamp)
    seen, points = floor(lit, engine, WITHOUT_NOISE[engine])
    irradiance = {"Sun": of_sun, "Point": of_point, "Spot": of_spot}[lamp](points)
    assert irradiance.max() > 0.5, "otherwise the sky outshines the lamp"
    np.testing.assert_allclose(seen, radiance(irradiance), rtol=0.01)


def test_an_area_lamp_is_rasterized_as_a_point_that_shines_to_one_side(lit):
    begin_under(lit, "Area")
    seen, points = floor(lit, "raster", samples=1)
    np.testing.assert_allclose(seen, radiance(of_area(points)), rtol=0.01)
    np.testing.assert_allclose(seen, floor(lit, "cycles", samples=64)[0], rtol=0.02)


@pytest.mark.parametrize("engine", WITHOUT_NOISE)
def test_a_lamp_that_shines_to_one_side_leaves_the_other_dark(lit, engine):
    begin_under(lit, "Away")
    seen, _ = floor(lit, engine, WITHOUT_NOISE[engine])
    np.testing.assert_allclose(seen, radiance(np.zeros((HEIGHT, WIDTH))), rtol=1e-3)


@pytest.mark.parametrize("engine", WITHOUT_NOISE)
def test_a_floor_is_dark_on_the_side_that_no_lamp_reaches(lit, engine):
    begin_under(lit, "Sun")
    below = Place((0.0, 0.0, -6.0), (180.0, 0.0, 0.0)).world_to_camera
    capture = lit.capture(None, ("rgb_linear",), WIDTH, HEIGHT, engine, world_to_camera=below)
    np.testing.assert_allclose(capture.images["rgb_linear"], radiance(np.zeros((HEIGHT, WIDTH))), rtol=1e-3)


def wall(env, engine, name):
    """Colours in the middle of each patch, (patches, 3)."""
    image = env.capture("Wall", (name,), 10 * len(PATCHES), 20, engine).images[name]
    return image[10, 5::10].astype(float)


def begin_under(env, lamp):
    env.reset(options={"params": {"lamp": list(LAMPS).index(lamp)}})


def floor(env, engine, samples):
    """Radiance of the floor in each pixel, and the points that are seen there, (height, width, 3) in m."""
    capture = env.capture(None, ("rgb_linear",), WIDTH, HEIGHT, engine, samples=samples)
    rays = rays_through(capture.intrinsics, capture.world_to_camera, WIDTH, HEIGHT)
    points = rays.origin - rays.origin[2] / rays.steps[..., 2:] * rays.steps
    return capture.images["rgb_linear"], points


def radiance(irradiance):
    return np.array(ALBEDO) * (np.array(SKY) + irradiance[..., None] / math.pi)


def of_sun(points):
    sun = LAMPS["Sun"]
    return np.full(points.shape[:2], sun.energy * math.cos(math.radians(sun.place.rotation[0])))


def of_point(points, lamp="Point"):
    squared, cosine, _ = seen_from(points, lamp)
    return LAMPS[lamp].energy / (4 * math.pi * squared) * cosine


def of_spot(points):
    spot = LAMPS["Spot"].more
    _, _, along = seen_from(points, "Spot")
    edge = math.cos(spot["spot_size"] / 2)
    share = np.clip((along - edge) / ((1 - edge) * spot["spot_blend"]), 0, 1)
    assert ((share > 0.1) & (share < 0.9)).sum() > 20, "the blurred edge is in the picture"
    return of_point(points, "Spot") * share**2 * (3 - 2 * share)


def of_area(points):
    squared, cosine, along = seen_from(points, "Area")
    return LAMPS["Area"].energy / (math.pi * squared) * cosine * along


def seen_from(points, lamp):
    """Squared distance, cosine at the floor, and cosine to the axis of a lamp."""
    way = LAMPS[lamp].place.location - points
    distance = np.linalg.norm(way, axis=2)
    return distance**2, way[..., 2] / distance, way @ LAMPS[lamp].place.pose[:3, 2] / distance
