"""Lens distortion: OpenCV's formulas, which pictures, annotations, boxes, keypoints and projections follow alike."""

from __future__ import annotations

import math

import numpy as np
import pytest
from analytic.known import EYE, MARKER_RADIUS, STILL_LIFE, TRIPOD, markers
from analytic.rays import Rays, look
from engines import EACH_ENGINE
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shared import shared_env

from blendgym.errors import RenderError
from blendgym.geometry import transform
from blendgym.images.distortion import distorted, radius_limit, undistorted
from blendgym.images.engines import ENGINES
from blendgym.images.projections import Projection

MATRIX = np.array([[520.0, 0.0, 311.0], [0.0, 505.0, 246.5], [0.0, 0.0, 1.0]])
SIZE = {"width": 640, "height": 360}
LENSES = {
    "barrel": {"k1": -0.25, "k2": 0.05},
    "pincushion": {"k1": 0.2},
    "all": {"k1": -0.2, "k2": 0.05, "p1": 0.006, "p2": -0.008, "k3": -0.01},
}
ROTATION = EYE.world_to_camera[:3, :3]

coefficients = st.tuples(
    st.floats(-0.3, 0.3), st.floats(-0.1, 0.1), st.floats(-0.01, 0.01), st.floats(-0.01, 0.01), st.floats(-0.05, 0.05)
)


def opencv(x, y, lens):
    """Where OpenCV's documentation says that a point of the lens plane is seen."""
    k1, k2, p1, p2, k3 = (lens.get(name, 0.0) for name in ("k1", "k2", "p1", "p2", "k3"))
    r2 = x**2 + y**2
    radial = 1 + k1 * r2 + k2 * r2**2 + k3 * r2**3
    return (
        x * radial + 2 * p1 * x * y + p2 * (r2 + 2 * x**2),
        y * radial + p1 * (r2 + 2 * y**2) + 2 * p2 * x * y,
    )


def named(values):
    return dict(zip(("k1", "k2", "p1", "p2", "k3"), values, strict=True))


points = shared_env("photographed:Points")
still_life = shared_env("photographed:StillLife")
row = shared_env("photographed:Row")
ground = shared_env("photographed:Floor")


def picture(env, lens, passes=("segmentation",), **arguments):
    env.reset(seed=0, options={"params": lens})
    return env.capture(passes=passes, **{**SIZE, **arguments})


@given(coefficients, st.floats(-0.6, 0.6), st.floats(-0.5, 0.5), st.floats(0.1, 50.0))
def test_a_point_is_seen_where_opencv_says(values, x, y, depth):
    assume(math.hypot(x, y) < 0.99 * radius_limit(values))
    pixel = Projection("perspective", MATRIX, distortion=values).project([x * depth, y * depth, depth])
    seen_x, seen_y = opencv(x, y, named(values))
    np.testing.assert_allclose(pixel, [520.0 * seen_x + 311.0, 505.0 * seen_y + 246.5], atol=1e-9)


@given(coefficients, st.integers(1, 60), st.integers(1, 60))
@settings(deadline=None, max_examples=40)
def test_points_along_the_rays_of_a_distorted_picture_are_seen_in_their_pixels(values, width, height):
    matrix = np.array([[70.0, 0.0, width / 2], [0.0, 75.0, height / 2], [0.0, 0.0, 1.0]])
    projection = Projection("perspective", matrix, distortion=values)
    rays = projection.rays(width, height)
    known = np.isfinite(rays[..., 0])
    rows, columns = np.mgrid[:height, :width]
    np.testing.assert_allclose(projection.project(7.0 * rays)[known], np.stack([columns, rows], -1)[known], atol=1e-4)
    reached = distorted(np.array([0.98 * min(radius_limit(values), 10.0), 0.0]), values)
    assert known[np.hypot(columns - width / 2, rows - height / 2) / 70.0 < 0.5 * abs(reached[0])].all()


@given(coefficients, st.floats(0.0, 6.2832), st.floats(0.0, 1.0))
def test_within_the_limit_the_distortion_keeps_its_orientation_and_beyond_it_there_is_nothing(values, angle, share):
    limit = min(radius_limit(values), 5.0)
    x, y = (share * limit * 0.999 * turn(angle) for turn in (math.cos, math.sin))
    h = 1e-5 * limit
    across = np.subtract(opencv(x + h, y, named(values)), opencv(x - h, y, named(values))) / (2 * h)
    down = np.subtract(opencv(x, y + h, named(values)), opencv(x, y - h, named(values))) / (2 * h)
    assert across[0] * down[1] - across[1] * down[0] > -1e-6
    if math.isfinite(radius_limit(values)):
        beyond = 1.001 * radius_limit(values)
        assert np.isnan(distorted(np.array([beyond * math.cos(angle), beyond * math.sin(angle)]), values)).all()


def test_the_limit_of_tangential_distortion_is_where_it_outweighs_the_point_itself():
    assert radius_limit((0.0, 0.0, 0.03, 0.04, 0.0)) == pytest.approx(1 / (6 * 0.05))


def test_the_limit_of_a_barrel_is_where_its_radius_turns_back():
    assert radius_limit((-0.3, 0.0, 0.0, 0.0, 0.0)) == pytest.approx(math.sqrt(1 / 0.9))
    assert radius_limit((0.3, 0.0, 0.0, 0.0, 0.0)) == math.inf
    farthest = math.sqrt(1 / 0.9) * (1 - 0.3 / 0.9)
    places = np.array([[0.999 * farthest, 0.0], [0.0, -1.001 * farthest]])
    found = undistorted(places, (-0.3, 0.0, 0.0, 0.0, 0.0))
    assert np.isfinite(found[0]).all()
    assert np.isnan(found[1]).all()


@pytest.mark.parametrize("lens", LENSES)
@pytest.mark.parametrize("engine", ENGINES)
def test_known_points_are_drawn_where_opencv_says(points, engine, lens):
    seen = picture(points, LENSES[lens], engine=engine)
    centres = transform(markers(), TRIPOD.world_to_camera)
    where = np.stack(opencv(centres[:, 0] / centres[:, 2], centres[:, 1] / centres[:, 2], LENSES[lens]), axis=-1)
    (fx, _, cx), (_, fy, cy), _ = seen.intrinsics
    expected = where * (fx, fy) + (cx, cy)
    np.testing.assert_allclose(seen.project(markers()), expected, atol=2e-3)  # Poses are float32.
    inside = ((expected > 15) & (expected < (SIZE["width"] - 16, SIZE["height"] - 16))).all(axis=1)
    assert inside.sum() > 25
    rows, columns = np.nonzero(seen.images["segmentation"])
    pixels = np.stack([columns, rows], axis=-1)
    reach = 2 * MARKER_RADIUS * fx
    misses = [pixels[(abs(pixels - each) < reach).all(axis=1)].mean(axis=0) - each for each in expected[inside]]
    assert np.abs(np.mean(misses, axis=0)).max() < 0.05, "nothing is shifted as a whole"
    assert np.linalg.norm(misses, axis=1).max() < 0.8, "balls are bent, too, and have few pixels"


def test_colours_are_where_ids_are(points):
    seen = picture(points, LENSES["all"], ("rgb", "segmentation"), engine="workbench")
    bright = seen.images["rgb"].max(axis=2) > 110
    known = seen.images["segmentation"] > 0
    assert (bright != known).mean() < 0.01
    assert bright.mean() > 0.02


def test_light_is_seen_to_a_tenth_of_a_pixel_where_points_are_projected(points):
    seen = picture(points, LENSES["all"], ("rgb_linear",))
    light, reach = seen.images["rgb_linear"].mean(axis=2), 15
    misses = []
    for x, y in seen.project(markers()):
        column, row = round(x), round(y)
        if reach <= column < SIZE["width"] - reach and reach <= row < SIZE["height"] - reach:
            rows, columns = np.mgrid[row - reach : row + reach + 1, column - reach : column + reach + 1]
            weights = light[rows, columns]
            misses.append((np.average(columns, weights=weights) - x, np.average(rows, weights=weights) - y))
    assert len(misses) > 25
    assert np.abs(np.mean(misses, axis=0)).max() < 0.05
    assert np.median(np.linalg.norm(misses, axis=1)) < 0.1


@pytest.mark.parametrize("lens", LENSES)
def test_ids_lengths_and_normals_are_those_that_bent_rays_hit(still_life, lens):
    seen = picture(still_life, LENSES[lens], ("segmentation", "depth", "distance", "normals"))
    steps = seen.projection.rays(**SIZE) @ ROTATION
    sight = look(Rays(np.array(EYE.location), steps, ROTATION), STILL_LIFE.values())
    hit = sight.smooth & (sight.which >= 0)
    ids = {entry.name: number for number, entry in still_life.objects.items()}
    expected = np.array([*(ids[name] for name in STILL_LIFE), 0])[sight.which]
    assert hit.mean() > 0.3
    agrees = seen.images["segmentation"] == expected
    assert agrees[hit].mean() > 0.999
    hit &= agrees
    along = sight.depth * (steps @ ROTATION.T)[..., 2]
    for name, lengths in (("depth", along), ("distance", sight.depth)):
        off = np.abs(seen.images[name] / lengths - 1)[hit]
        assert np.median(off) < 1e-3, name
        assert off.max() < 0.05, name
    assert np.median((seen.images["normals"] * sight.normals).sum(axis=2)[hit]) > 0.9999


@pytest.mark.parametrize("lens", LENSES)
def test_boxes_and_visible_shares_are_those_of_the_distorted_picture(row, lens):
    seen = picture(row, LENSES[lens], visibility=True)
    ids, by_name = seen.images["segmentation"], {each.name: each for each in seen.objects}
    for each in seen.objects:
        rows, columns = np.nonzero(ids == each.id)
        assert each.pixels == len(rows)
        if each.box:
            assert each.box == (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    assert by_name["Free"].visibility == by_name["Cover"].visibility == by_name["Leaving"].visibility == 1.0
    assert by_name["Hidden"].visibility == 0.0
    straight = {each.name: each for each in picture(row, {}, visibility=True).objects}
    assert by_name["Half"].visibility == pytest.approx(straight["Half"].visibility, abs=0.02)
    np.testing.assert_allclose(by_name["Free"].amodal_box, by_name["Free"].box, atol=1.01)
    cover = by_name["Cover"]  # Its corners are above and below the picture, and its sides bulge in between.
    np.testing.assert_allclose(cover.amodal_box[::2], cover.box[::2], atol=1.01)
    assert by_name["Free"].truncation == 0.0
    assert by_name["Leaving"].amodal_box[0] < 0 < by_name["Leaving"].truncation < 1


def test_an_amodal_box_holds_all_points_of_the_faces_of_a_thing(row):
    lens = LENSES["barrel"]
    leaving = next(each for each in picture(row, lens).objects if each.name == "Leaving")
    shares = np.stack(np.meshgrid(*[np.linspace(0, 1, 60)] * 3), axis=-1).reshape(-1, 3)
    low, *_ = leaving.corners
    ends = leaving.corners[[4, 3, 1]] - low  # Along x, y and z.
    seen = row.capture(**SIZE)
    pixels = seen.project(low + shares @ ends) + 0.5
    left, top, right, bottom = leaving.amodal_box
    np.testing.assert_allclose((left, top), pixels.min(axis=0), atol=0.05)
    np.testing.assert_allclose((right, bottom), pixels.max(axis=0), atol=0.05)


@pytest.mark.parametrize("lens", LENSES)
def test_an_amodal_box_of_what_reaches_behind_the_camera_holds_all_that_is_seen_and_leaves_the_picture(ground, lens):
    (floor,) = picture(ground, LENSES[lens]).objects
    left, top, right, bottom = floor.amodal_box
    assert left < 0 < SIZE["width"] < right
    assert bottom > SIZE["height"]
    assert 0 < top < floor.box[1] + 1
    width, height = right - left, bottom - top
    assert floor.truncation == pytest.approx(1.0 - SIZE["width"] * (SIZE["height"] - top) / (width * height), abs=0.01)


def test_keypoints_are_where_their_positions_are_seen(make_env):
    env = make_env("photographed:Keypoints")
    straight = picture(env, {}, keypoints=True).keypoints
    seen = picture(env, LENSES["barrel"], keypoints=True)
    assert any(each.is_visible for each in seen.keypoints)
    moved = []
    for each, before in zip(seen.keypoints, straight, strict=True):
        np.testing.assert_allclose(each.pixel, seen.project(each.position))
        np.testing.assert_array_equal(each.position, before.position)
        moved.append(np.linalg.norm(each.pixel - before.pixel))
    assert np.nanmax(moved) > 1.0


@pytest.mark.parametrize("engine", EACH_ENGINE)
def test_nothing_is_black_in_the_corners_of_a_barrel(still_life, engine):
    ids = picture(still_life, {"k1": -0.3}, ("rgb", "depth"), engine=engine).images
    assert (ids["depth"] > 0).all()
    if engine == "workbench":  # The scene has no light of its own.
        assert ids["rgb"].min() > 30


def test_a_lens_that_shows_points_twice_is_refused_with_its_limit_and_the_next_picture_is_taken(still_life):
    wide = {"intrinsics": [[150.0, 0.0, 320.0], [0.0, 150.0, 180.0], [0.0, 0.0, 1.0]]}
    with pytest.raises(RenderError, match=r"k3\) = \(-0.3, 0, 0, 0, 0\).*up to the radius 1.05.*up to the radius 2.4"):
        picture(still_life, {"k1": -0.3}, **wide)
    assert picture(still_life, {"k1": 0.1}, **wide).projection.distortion == (0.1, 0.0, 0.0, 0.0, 0.0)


def test_a_camera_without_perspective_has_no_distortion_but_may_be_looked_through_as_it_is(make_env):
    env = make_env("photographed:Plan")
    with pytest.raises(RenderError, match="'Plan' is orthographic.*ideal=True"):
        picture(env, {"k1": 0.1})
    assert env.capture(**SIZE, ideal=True).projection.distortion == ()
    assert picture(env, {"vignetting": 1.0}).projection.distortion == ()
