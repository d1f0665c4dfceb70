"""What an export to BOP says, by the rules of the BOP toolkit, is what was rendered."""

from __future__ import annotations

import json

import hypothesis.strategies as st
import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra import numpy as arrays
from PIL import Image

from blendgym.data.exporters import Export
from blendgym.data.exporters.bop import depth_steps, rigid
from blendgym.errors import InvalidOption, PassMissing

ENDS = np.array([(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)])


def exported(folder, samples, run="run"):
    with Export(folder, "bop", run) as export:
        for sample in samples:
            export.write(sample)
    return folder / "train_pbr"


def read(scene, name):
    return {int(number): each for number, each in json.loads((scene / f"scene_{name}.json").read_text()).items()}


def image(scene, name, number):
    return np.array(Image.open(scene / name / f"{number}.png"))


def projected(camera, pose):
    """The corners of an object's box in pixels, as the toolkit projects points: K (R x + t)."""
    low, high = np.array(pose["box_min"]), np.array(pose["box_max"])
    corners = low + ENDS * (high - low)
    seen = corners @ np.reshape(pose["cam_R_m2c"], (3, 3)).T + pose["cam_t_m2c"]
    pixels = seen @ np.reshape(camera["cam_K"], (3, 3)).T
    return pixels[:, :2] / pixels[:, 2:], seen[:, 2]


def test_boxes_projected_from_poses_are_those_of_the_capture_within_a_thousandth_of_a_pixel(tmp_path, stacks):
    scene = exported(tmp_path, stacks) / "000000"
    cameras, poses = read(scene, "camera"), read(scene, "gt")
    names = json.loads((tmp_path / "objects.json").read_text())
    checked = 0
    for sample in stacks:
        seen = [each for each in sample.views["front"].objects if each.pixels]
        for pose, each in zip(poses[sample.index], seen, strict=True):
            assert names[str(pose["obj_id"])] == each.category
            pixels, depths = projected(cameras[sample.index], pose)
            if each.category != "Box":
                continue
            assert (depths > 0).all()
            expected = sample.views["front"].project(each.corners)
            np.testing.assert_allclose(sorted(pixels.tolist()), sorted(expected.tolist()), atol=1e-3)
            box = [*(pixels.min(axis=0) + 0.5), *(pixels.max(axis=0) + 0.5)]
            np.testing.assert_allclose(box, each.amodal_box, atol=1e-3)
            checked += 1
    assert checked >= 8


def test_poses_are_rotations_and_lengths_are_in_mm(tmp_path, stacks):
    scene = exported(tmp_path, stacks) / "000000"
    for sample in stacks:
        capture = sample.views["front"]
        camera = read(scene, "camera")[sample.index]
        np.testing.assert_allclose(np.reshape(camera["cam_K"], (3, 3)), capture.intrinsics)
        np.testing.assert_allclose(camera["cam_t_w2c"], capture.world_to_camera[:3, 3] * 1000)
        seen = [each for each in capture.objects if each.pixels]
        for pose, each in zip(read(scene, "gt")[sample.index], seen, strict=True):
            rotation = np.reshape(pose["cam_R_m2c"], (3, 3))
            np.testing.assert_allclose(rotation @ rotation.T, np.eye(3), atol=1e-9)
            assert np.linalg.det(rotation) == pytest.approx(1)
            whole = capture.world_to_camera @ each.pose
            np.testing.assert_allclose(rotation * pose["scale"], whole[:3, :3], atol=1e-6)
            np.testing.assert_allclose(pose["cam_t_m2c"], whole[:3, 3] * 1000, atol=1e-3)


def test_masks_counts_and_boxes_are_those_of_the_segmentation(tmp_path, heaps):
    scene = exported(tmp_path, heaps) / "000000"
    for sample in heaps:
        ids = sample.images["segmentation"]
        seen = [each for each in sample.view.objects if each.pixels]
        for number, (info, each) in enumerate(zip(read(scene, "gt_info")[sample.index], seen, strict=True)):
            mask = image(scene, "mask_visib", f"{sample.index:06d}_{number:06d}")
            assert np.array_equal(mask, np.where(ids == each.id, 255, 0))
            rows, columns = np.nonzero(mask)
            x, y, right, bottom = columns.min(), rows.min(), columns.max(), rows.max()
            assert info["bbox_visib"] == [x, y, right - x, bottom - y]
            assert info["px_count_visib"] == len(rows)
            assert info["visib_fract"] == each.visibility
            assert info["px_count_all"] == info["px_count_valid"] == round(len(rows) / each.visibility)
        assert not (scene / "mask").exists()


def test_an_object_that_nothing_hides_has_the_same_box_twice(tmp_path, stacks):
    scene = exported(tmp_path, stacks) / "000000"
    whole = 0
    for sample in stacks:
        seen = [each for each in sample.views["front"].objects if each.pixels]
        for info, each in zip(read(scene, "gt_info")[sample.index], seen, strict=True):
            if each.visibility == 1 and each.truncation == 0:
                assert np.abs(np.subtract(info["bbox_obj"], info["bbox_visib"])).max() <= 1
                whole += 1
    assert whole >= 8


def test_depth_is_back_within_half_a_step_and_0_where_nothing_is_seen(tmp_path, heaps, stacks):
    heap, stack = exported(tmp_path / "a", heaps), exported(tmp_path / "b", stacks)
    for sample, capture, scene in [
        *((each, each.view, heap / "000000") for each in heaps),
        *((each, each.views["front"], stack / "000000") for each in stacks),
    ]:
        scale = read(scene, "camera")[sample.index]["depth_scale"]
        stored = image(scene, "depth", f"{sample.index:06d}")
        depth, far = capture.images["depth"], capture.blender_camera.clip_end
        assert (stored[depth >= far] == 0).all()
        np.testing.assert_allclose(stored[depth < far] * scale, depth[depth < far] * 1000, atol=scale / 2 + 1e-3)


@settings(deadline=None)
@given(
    arrays.arrays(np.float32, (2, 3), elements=st.floats(np.float32(1e-4), 5e4, width=32)),
    st.floats(1.0, 1e5),
)
def test_any_depth_has_steps_that_reach_far_enough(depth, far):
    steps, scale = depth_steps(depth, far)
    seen = depth < far
    assert (steps[~seen] == 0).all()
    assert (steps[seen] > 0).all()
    assert np.abs(steps[seen] * scale - depth[seen] * 1000.0).max(initial=0) <= max(scale, 1e-4) * (1 + 1e-6)
    assert scale == pytest.approx(0.1) or depth[seen].max() * 1000.0 > 65535 * scale / 10


def test_each_view_and_each_run_has_scenes_of_its_own_of_at_most_1000_images(tmp_path, stacks):
    late = [msgspec.structs.replace(stacks[0], index=index) for index in (999, 1000)]
    exported(tmp_path, late, "a")
    scenes = exported(tmp_path, stacks[:1], "b")
    found = {path.name: list(read(path, "camera")) for path in sorted(scenes.iterdir())}
    assert found == {
        "000000": [999], "000001": [999], "000002": [1000], "000003": [1000], "100000": [0], "100001": [0]
    }  # fmt: skip
    assert read(scenes / "000001", "gt") == {999: []}, "the sky"


@settings(deadline=None)
@given(arrays.arrays(float, (3, 3), elements=st.floats(-1, 1)), st.tuples(*[st.floats(0.1, 9)] * 3))
def test_a_pose_falls_into_rotation_and_scale(matrix, scale):
    rotation = np.linalg.qr(matrix + 3 * np.eye(3))[0]
    rotation[:, 0] *= np.linalg.det(rotation)
    pose = np.eye(4)
    pose[:3, :3] = rotation * scale
    parts = rigid(pose)
    np.testing.assert_allclose(parts.rotation, rotation, atol=1e-9)
    np.testing.assert_allclose(parts.scale, scale, atol=1e-9)


@pytest.mark.parametrize("scale", [(-1, 1, 1), (2, -3, 1), (-1, -1, -1), (1, 1, 0)])
def test_a_mirrored_or_flat_pose_becomes_a_rotation(scale):
    parts = rigid(np.diag([*scale, 1.0]))
    np.testing.assert_allclose(parts.rotation @ parts.rotation.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(parts.rotation) == pytest.approx(1)


def test_what_bop_cannot_hold_is_said_before_anything_is_written(tmp_path, heaps, bent):
    (sample, *_) = heaps
    capture = sample.view
    with pytest.raises(InvalidOption, match="a lens that distorts"):
        exported(tmp_path, bent)
    fisheye = msgspec.structs.replace(capture.projection, kind="equidistant")
    unknown = tuple(msgspec.structs.replace(each, visibility=None) for each in capture.objects)
    for change, message in [({"projection": fisheye}, "'equidistant'"), ({"objects": unknown}, "--visibility")]:
        changed = msgspec.structs.replace(sample, views={"": msgspec.structs.replace(capture, **change)})
        with pytest.raises(InvalidOption, match=message):
            exported(tmp_path, [changed])
    flat = {name: each for name, each in capture.images.items() if name != "depth"}
    with pytest.raises(PassMissing, match="--passes rgb segmentation depth"):
        exported(tmp_path, [msgspec.structs.replace(sample, views={"": msgspec.structs.replace(capture, images=flat)})])
    assert not list(tmp_path.iterdir())
