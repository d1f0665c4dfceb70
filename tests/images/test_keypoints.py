"""Keypoints: empties and vertex groups, where they are seen, and what hides them."""

from __future__ import annotations

import numpy as np
import pytest
from analytic.marked import CAMERA, CENTRE, FREE

from blendgym.client.env import BlendEnv
from blendgym.errors import InvalidOption, RenderError
from blendgym.images.pictures import annotated
from blendgym.vector.vector_env import BlendVectorEnv

WIDTH, HEIGHT = 160, 120
POSITIONS = {
    **FREE,
    "Middle": CENTRE,
    "Box.corner": np.add(CENTRE, (0.5, -0.5, 0.5)),
    "Box.rear": np.add(CENTRE, (0.0, 0.5, 0.0)),
    "Box.face": np.add(CENTRE, (0.0, -0.5, 0.0)),
}


@pytest.fixture(scope="module")
def env():
    made = BlendEnv("analytic.tasks:Marked")
    made.reset(seed=0)
    yield made
    made.close()


def marked(env, camera, passes=("rgb",)):
    capture = env.capture(camera, passes, WIDTH, HEIGHT, keypoints=True)
    return capture, {each.name: each for each in capture.keypoints}


def test_keypoints_are_those_that_are_marked_with_the_object_they_belong_to(env):
    _, points = marked(env, "Eye")
    assert list(points) == sorted(POSITIONS)
    owners = {name: point.object for name, point in points.items() if point.object}
    assert owners == dict.fromkeys(("Middle", "Box.corner", "Box.rear", "Box.face"), "Box")
    for name, position in POSITIONS.items():
        np.testing.assert_allclose(points[name].position, position, atol=1e-6)


def test_a_keypoint_is_seen_where_a_pinhole_projects_it(env):
    _, points = marked(env, "Eye")
    for name, position in POSITIONS.items():
        x, depth, up = np.subtract(position, CAMERA.location)
        if depth < 0:
            assert np.isnan(points[name].pixel).all()
            continue
        expected = WIDTH * x / depth + WIDTH / 2 - 0.5, -WIDTH * up / depth + HEIGHT / 2 - 0.5
        np.testing.assert_allclose(points[name].pixel, expected, atol=1e-3)


def test_a_keypoint_is_seen_where_parallel_rays_meet_the_image(env):
    _, points = marked(env, "Plan")
    x, _, up = np.subtract(CENTRE, CAMERA.location)
    np.testing.assert_allclose(points["Middle"].pixel, (20 * x + 79.5, -20 * up + 59.5), atol=1e-3)


@pytest.mark.parametrize("camera", ["Eye", "Plan"])
def test_a_keypoint_is_visible_if_it_is_in_the_image_and_nothing_but_its_own_parent_is_before_it(env, camera):
    _, points = marked(env, camera)
    visible = {name for name, point in points.items() if point.is_visible}
    assert visible == {"In the open", "Middle", "Box.corner", "Box.face"}


def test_keypoints_are_told_on_request_alone(env):
    assert env.capture("Eye", width=16, height=16).keypoints == ()


def test_a_capture_is_shown_with_boxes_ids_and_keypoints(env):
    capture, points = marked(env, "Eye", ("rgb", "segmentation"))
    image = np.array(annotated(capture))
    zoom = image.shape[1] // WIDTH
    column, row = np.rint((points["In the open"].pixel + 0.5) * zoom).astype(int)
    assert tuple(image[row, column]) == (255, 255, 255), "a disc"
    with pytest.raises(InvalidOption, match="no pass 'rgb' to draw on"):
        annotated(env.capture(passes=("depth",), width=16, height=16))


def test_named_keypoints_are_observed_as_coco_has_them(env):
    names = ("Middle", "Behind the wall", "Back", "Box.rear")
    views = {"eye": {"width": WIDTH, "height": HEIGHT, "keypoints": names}, "plan": {"camera": "Plan"}}
    seeing = BlendEnv("analytic.tasks:Marked", obs_type="rgb", views=views)
    observation, _ = seeing.reset(seed=0)
    assert set(observation) == {"eye_rgb", "eye_keypoints", "plan_rgb"}
    assert seeing.observation_space.contains(observation)
    seeing.close()
    _, points = marked(env, "Eye")
    expected = [(*points[name].pixel, v) for name, v in zip(names, (2, 1, 0, 1), strict=True)]
    expected[2] = (0.0, 0.0, 0.0)
    np.testing.assert_allclose(observation["eye_keypoints"], expected, atol=1e-4)


def test_a_vector_observes_keypoints_of_each_environment(env):
    arguments = {"obs_type": "segmentation", "width": 32, "height": 24, "camera_options": {"keypoints": ("Middle",)}}
    envs = BlendVectorEnv("analytic.tasks:Marked", num_envs=2, **arguments)
    batch, _ = envs.reset(seed=0)
    envs.close()
    assert batch["keypoints"].shape == (2, 1, 3)
    assert (batch["keypoints"][..., 2] == 2).all()


def test_keypoints_that_cannot_be_told_are_refused_with_those_that_can(env):
    with pytest.raises(RenderError, match="no keypoint 'Elbow'; it has Back, Behind the wall, Beside, Box.corner"):
        env.capture("Eye", keypoints=("Elbow",))
    with pytest.raises(RenderError, match="have to be named, for the space"):
        BlendEnv("analytic.tasks:Marked", obs_type="rgb", camera_options={"keypoints": True})
    assert [each.name for each in env.capture("Eye", keypoints=("Middle", "Back")).keypoints] == ["Middle", "Back"]
