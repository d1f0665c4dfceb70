"""Where points are seen: Blender's cameras, OpenCV's matrices and rendered pixels tell the same."""

from __future__ import annotations

import numpy as np
import pytest
from analytic.known import GIVEN_MATRIX, GIVEN_POSE, LENSES, TRIPOD, markers
from analytic.points import FORMATS, begin, markers_in, misses
from analytic.rays import pixels_of
from hypothesis import given
from hypothesis import strategies as st

from blendgym.client.env import BlendEnv
from blendgym.geometry import Lens, lens_of
from blendgym.images.engines import ENGINES
from blendgym.images.projections import projection_of


def intrinsics_of(lens, width, height):
    return projection_of(lens, width, height).intrinsics


GIVEN = {"intrinsics": GIVEN_MATRIX, "world_to_camera": GIVEN_POSE}

lengths = st.floats(1.0, 300.0)
sides = st.integers(1, 8192)
shifts = st.floats(-2.0, 2.0)
aspects = st.floats(1.0, 4.0)


@pytest.fixture(scope="module")
def env():
    made = BlendEnv("analytic.tasks:Markers")
    made.reset(seed=0)
    yield made
    made.close()


@pytest.mark.parametrize("lens", LENSES)
@pytest.mark.parametrize("engine", ENGINES)
def test_points_are_seen_where_the_matrices_of_a_capture_say(env, engine, lens):
    for pixels in FORMATS:
        begin(env, pixels)
        seen = env.capture(lens, ("segmentation",), engine=engine, **pixels.size)
        assert len(markers_in(seen)) >= 12, "otherwise this shows little"
        assert misses(seen.images["segmentation"] > 0, seen).max() < 0.5, pixels


def test_more_than_twenty_points_are_looked_at_through_every_lens(env):
    for lens in LENSES:
        count = 0
        for pixels in FORMATS:
            begin(env, pixels)
            count += len(markers_in(env.capture(lens, **pixels.size)))
        assert count > 100


@pytest.mark.parametrize("engine", ENGINES)
def test_a_given_matrix_and_pose_are_what_is_rendered(env, engine):
    begin(env, FORMATS[0])
    seen = env.capture("Horizontal", ("segmentation",), engine=engine, **FORMATS[0].size, **GIVEN)
    np.testing.assert_array_equal(seen.intrinsics, GIVEN_MATRIX)
    np.testing.assert_array_equal(seen.world_to_camera, GIVEN_POSE)
    assert len(markers_in(seen)) >= 20
    assert misses(seen.images["segmentation"] > 0, seen).max() < 0.5


@pytest.mark.parametrize("engine", ENGINES)
def test_a_given_matrix_and_pose_leave_the_camera_as_it_was(env, engine):
    begin(env, FORMATS[0])
    before = env.capture("Shifted", ("segmentation",), engine=engine, **FORMATS[0].size)
    env.capture("Shifted", ("segmentation",), engine=engine, **FORMATS[0].size, **GIVEN)
    after = env.capture("Shifted", ("segmentation",), engine=engine, **FORMATS[0].size)
    assert after.blender_camera == before.blender_camera
    np.testing.assert_array_equal(after.world_to_camera, before.world_to_camera)
    np.testing.assert_array_equal(after.images["segmentation"], before.images["segmentation"])


def test_a_capture_knows_where_its_camera_is(env):
    np.testing.assert_allclose(env.capture("Auto").world_to_camera, TRIPOD.world_to_camera, atol=1e-6)


def test_a_capture_projects_points_by_its_matrices(env):
    seen = env.capture("Vertical")
    expected = pixels_of(markers(), seen.intrinsics, seen.world_to_camera)
    np.testing.assert_allclose(seen.project(markers()), expected, atol=1e-9)


def test_what_is_behind_the_camera_is_seen_nowhere(env):
    behind = np.linalg.inv(TRIPOD.world_to_camera) @ (0.3, 0.2, -1.0, 1.0)
    assert np.isnan(env.capture("Auto").project(behind[:3])).all()


@given(st.floats(1, 1e5), st.floats(1, 1e5), st.floats(-1e4, 1e4), st.floats(-1e4, 1e4), sides, sides, lengths)
def test_a_matrix_made_a_lens_and_back_is_the_same(fx, fy, cx, cy, width, height, sensor):
    matrix = np.array([[fx, 0.0, cx], [0.0, fy, cy], [0.0, 0.0, 1.0]])
    lens = lens_of(matrix, width, height, sensor)
    assert lens.pixel_aspect_x >= 1, "Blender takes no less"
    assert lens.pixel_aspect_y >= 1, "Blender takes no less"
    np.testing.assert_allclose(intrinsics_of(lens, width, height), matrix, rtol=1e-9, atol=1e-7)


@given(
    st.builds(
        Lens, lengths, st.sampled_from(("AUTO", "HORIZONTAL", "VERTICAL")), lengths, lengths, shifts, shifts, aspects,
        aspects, type=st.just("PERSP"),
    ),
    sides, sides,
)  # fmt: skip
def test_a_lens_of_any_fit_made_a_matrix_and_back_has_the_same_matrix(lens, width, height):
    matrix = intrinsics_of(lens, width, height)
    again = intrinsics_of(lens_of(matrix, width, height), width, height)
    np.testing.assert_allclose(again, matrix, rtol=1e-9, atol=1e-7)


def test_the_matrix_of_a_lens_is_that_of_the_textbook():
    # 50 mm in front of a sensor of 36 mm, 1920 pixels wide: 50 / 36 · 1920 pixels.
    focal = 1920 * 50 / 36
    expected = [[focal, 0.0, 959.5], [0.0, focal, 539.5], [0.0, 0.0, 1.0]]
    np.testing.assert_allclose(intrinsics_of(Lens(50.0, "AUTO", 36.0, 24.0), 1920, 1080), expected)
