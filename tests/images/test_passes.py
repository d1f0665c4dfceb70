"""Annotations of balls and boxes, by every engine, against what rays hit by the closed form of each."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from analytic.known import CROWD, EYE_FAR, HIDING, SEEN_OF_CROWD, STILL_LIFE
from analytic.rays import Rays, Sight, alike, corners, look, pixels_of, rays_through
from annotations import ANNOTATIONS

from blendgym.client.env import BlendEnv
from blendgym.images.captures import Capture
from blendgym.images.engines import ENGINES

WIDTH, HEIGHT = 128, 96
CLOSE = 1e-4  # relative
HALVED = np.array([[100.0, 0.0, -0.5], [0.0, 100.0, 47.5], [0.0, 0.0, 1.0]])
"""Of a camera whose axis is the left border of the image."""


class Shown(NamedTuple):
    """An image of the still life, and what it should be."""

    capture: Capture
    rays: Rays
    expected: Sight

    def of(self, name: str) -> np.ndarray:
        """The pixels of a solid that are no closer than two to any silhouette or edge."""
        return self.expected.smooth & (self.expected.which == list(STILL_LIFE).index(name))


@pytest.fixture(scope="module")
def env():
    made = BlendEnv("analytic.tasks:Solids")
    made.reset(seed=0)
    yield made
    made.close()


@pytest.fixture(scope="module", params=ENGINES)
def engine(request):
    return request.param


@pytest.fixture(scope="module")
def shown(env, engine):
    capture = env.capture("Eye", ANNOTATIONS, WIDTH, HEIGHT, engine)
    rays = rays_through(capture.intrinsics, capture.world_to_camera, WIDTH, HEIGHT)
    return Shown(capture, rays, look(rays, STILL_LIFE.values()))


@pytest.fixture(scope="module")
def hiding(env, engine):
    """The things that hide each other, by name, with the image."""
    capture = env.capture("Front", ("segmentation",), WIDTH, HEIGHT, engine, visibility=True)
    return capture, {each.name: each for each in capture.objects}


@pytest.mark.parametrize("name", STILL_LIFE)
def test_depth_is_that_of_the_point_that_a_ray_hits(shown, name):
    where = shown.of(name)
    assert where.sum() > 100
    np.testing.assert_allclose(shown.capture.images["depth"][where], shown.expected.depth[where], rtol=CLOSE)


@pytest.mark.parametrize("name", STILL_LIFE)
def test_distance_is_measured_along_the_ray(shown, name):
    where = shown.of(name)
    expected = shown.expected.depth * np.linalg.norm(shown.rays.steps, axis=2)
    assert (expected[where] > 1.005 * shown.expected.depth[where]).any(), "or depth would do"
    np.testing.assert_allclose(shown.capture.images["distance"][where], expected[where], rtol=CLOSE)


@pytest.mark.parametrize("name", STILL_LIFE)
def test_normals_are_those_of_the_solid_in_the_frame_of_the_camera(shown, name):
    where = shown.of(name)
    seen, expected = shown.capture.images["normals"][where].astype(float), shown.expected.normals[where]
    sine = np.linalg.norm(np.cross(seen, expected), axis=1)
    angle = np.degrees(np.arctan2(sine, (seen * expected).sum(axis=1)))
    assert angle.max() < 0.05
    np.testing.assert_allclose(np.linalg.norm(seen, axis=1), 1.0, atol=1e-5)


def test_normals_face_the_camera(shown):
    seen = shown.expected.which >= 0
    towards = (shown.capture.images["normals"] * (shown.rays.steps @ shown.rays.rotation.T)).sum(axis=2)
    assert (towards[seen & shown.expected.smooth] < 0).all()


def test_every_pixel_has_the_id_of_what_its_ray_hits(env, shown):
    ids = {entry.name: number for number, entry in env.objects.items()}
    expected = np.array([*(ids[name] for name in STILL_LIFE), 0])[shown.expected.which]
    smooth = shown.expected.smooth
    np.testing.assert_array_equal(shown.capture.images["segmentation"][smooth], expected[smooth])
    assert (shown.capture.images["segmentation"] != expected).sum() <= 5, "silhouettes included"


def test_the_background_is_the_far_end_without_normal_or_id(shown):
    nothing = shown.expected.smooth & (shown.expected.which == -1)
    assert nothing.sum() > 100
    images = shown.capture.images
    assert (images["depth"][nothing] == EYE_FAR).all()
    assert (images["distance"][nothing] == EYE_FAR).all()
    assert (images["normals"][nothing] == 0).all()
    assert (images["segmentation"][nothing] == 0).all()


def test_only_ids_of_the_table_occur(env, shown, hiding):
    known = {0, *env.objects}
    for capture in (shown.capture, hiding[0]):
        assert set(np.unique(capture.images["segmentation"]).tolist()) <= known


def test_all_engines_see_the_same_things_in_the_same_pixels(env):
    captures = (env.capture("Front", ("segmentation",), WIDTH, HEIGHT, each) for each in ENGINES)
    first, *others = (capture.images["segmentation"] for capture in captures)
    smooth = alike(first, reach=2)
    for other in others:
        np.testing.assert_array_equal(other[smooth], first[smooth])
        assert (other != first).sum() <= 5, "silhouettes included"


def test_a_box_is_tight_around_the_pixels_of_an_object(hiding):
    capture, objects = hiding
    assert len(objects) == len(HIDING)
    for each in objects.values():
        rows, columns = np.nonzero(capture.images["segmentation"] == each.id)
        assert each.pixels == len(rows)
        if each.pixels:
            assert each.box == (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)


@pytest.mark.parametrize("name", HIDING)
def test_the_amodal_box_is_that_of_the_projected_corners_hidden_or_not(hiding, name):
    capture, objects = hiding
    points = pixels_of(corners(HIDING[name]), capture.intrinsics, capture.world_to_camera) + 0.5
    np.testing.assert_allclose(objects[name].amodal_box, (*points.min(axis=0), *points.max(axis=0)), atol=1e-3)


def test_the_corners_of_an_object_are_those_of_its_box(hiding):
    _, objects = hiding
    for name, solid in HIDING.items():
        seen, expected = (sorted(map(tuple, np.round(each, 4))) for each in (objects[name].corners, corners(solid)))
        np.testing.assert_allclose(seen, expected, atol=2e-4)


def test_an_object_that_is_half_hidden_is_half_visible(hiding):
    assert hiding[1]["Half"].visibility == pytest.approx(0.5, abs=0.005)


def test_an_object_that_nothing_hides_is_visible_and_so_is_one_that_leaves_the_image(hiding):
    assert [hiding[1][name].visibility for name in ("Cover", "Free", "Leaving")] == [1.0, 1.0, 1.0]


def test_an_object_that_is_all_hidden_is_in_sight_without_a_box(hiding):
    hidden = hiding[1]["Hidden"]
    assert (hidden.pixels, hidden.visibility, hidden.box) == (0, 0.0, None)


def test_an_object_half_outside_of_the_image_is_truncated_by_half(env, engine):
    capture = env.capture("Front", ("segmentation",), WIDTH, HEIGHT, engine, visibility=True, intrinsics=HALVED)
    (half,) = (each for each in capture.objects if each.name == "Half")
    assert half.truncation == pytest.approx(0.5, abs=1e-4)
    assert half.box is not None
    assert half.box[0] == 0
    assert half.visibility == 1.0


def test_truncation_is_the_share_of_the_amodal_box_that_is_outside(hiding):
    leaving = hiding[1]["Leaving"]
    left, top, right, bottom = leaving.amodal_box
    assert left < 0 < top < bottom < HEIGHT
    assert leaving.truncation == pytest.approx(-left / (right - left), abs=1e-6)
    assert hiding[1]["Free"].truncation == 0.0


def test_ids_are_exact_in_a_crowd_that_16_bits_cannot_count(make_env):
    env = make_env("analytic.tasks:Crowd")
    env.reset(seed=0)
    assert len(env.objects) == CROWD
    for engine in ("raster", "cycles"):
        capture = env.capture("Gate", ("segmentation",), WIDTH, HEIGHT, engine, visibility=True)
        for number, place in SEEN_OF_CROWD.items():
            pixel = pixels_of(np.array([place]), capture.intrinsics, capture.world_to_camera)[0]
            column, row = np.rint(pixel).astype(int)
            assert capture.images["segmentation"][row, column] == number
            assert env.objects[number].name == f"Cube {number:05}"
        assert set(np.unique(capture.images["segmentation"]).tolist()) == {0, *SEEN_OF_CROWD}
        assert {each.id: each.visibility for each in capture.objects} == dict.fromkeys(sorted(SEEN_OF_CROWD), 1.0)
