"""``blendgym render``, as a person types it, and what it leaves."""

from __future__ import annotations

import json
import subprocess
import sys
from types import SimpleNamespace

import gymnasium as gym
import msgspec
import numpy as np
import pytest
from PIL import Image

from blendgym.images.engines import ENGINES
from blendgym.images.passes import PASSES
from blendgym.images.pictures.boxes import boxes_picture, visible_edges
from blendgym.images.pictures.layout import NOTHING, colour_of
from blendgym.images.pictures.passes import ticks

WIDTH, HEIGHT, SEED, STEPS = 160, 120, 5, 3
ZOOM = 3
"""How many times pictures with a legend are enlarged at this size."""

LOOK = {"surfaces": {"Pole": {"colour": [0.02, 0.7, 0.02]}}}


def render(*arguments, check=True):
    command = [sys.executable, "-m", "blendgym", "render", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=check)


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    """What the command left, what it said, and what the environment itself gives."""
    folder = tmp_path_factory.mktemp("render")
    look = folder / "look.json"
    look.write_text(json.dumps(LOOK))
    size = ("--width", WIDTH, "--height", HEIGHT)
    done = render(
        "BlendCartpole-v0", *size, "--seed", SEED, "--steps", STEPS, "--appearance", look, "-o", folder / "out"
    )
    env = gym.make("BlendCartpole-v0", appearance=LOOK)
    env.reset(seed=SEED)
    env.action_space.seed(SEED)
    for _ in range(STEPS):
        env.step(env.action_space.sample())
    capture = env.unwrapped.capture(passes=PASSES, width=WIDTH, height=HEIGHT, visibility=True)
    env.close()
    return SimpleNamespace(folder=folder / "out", said=done.stdout, capture=capture)


def picture(rendered, name):
    """A picture's pixels, one for each of the capture's, without its legend."""
    pixels = np.array(Image.open(rendered.folder / f"{name}.png"))
    zoom = 1 if name in ("rgb", "rgb_linear") else ZOOM
    return pixels[zoom // 2 : HEIGHT * zoom : zoom, zoom // 2 :: zoom]


def named(capture, name):
    (seen,) = (seen for seen in capture.objects if seen.name == name)
    return seen


def test_every_pass_becomes_an_array_and_a_picture_beside_boxes_overview_and_facts(rendered):
    pictures = {f"{name}.png" for name in (*PASSES, "boxes", "overview")}
    arrays = {f"{name}.npy" for name in PASSES}
    assert {file.name for file in rendered.folder.iterdir()} == pictures | arrays | {"capture.json"}


def test_what_is_written_is_what_is_said(rendered):
    for file in rendered.folder.iterdir():
        assert file.name in rendered.said
    for seen in rendered.capture.objects:
        assert f"{seen.name}" in rendered.said
        assert f"{seen.visibility:.1%}" in rendered.said


def test_arrays_are_those_of_the_same_seed_steps_and_appearance(rendered):
    for name, image in rendered.capture.images.items():
        np.testing.assert_array_equal(np.load(rendered.folder / f"{name}.npy"), image)


def test_the_appearance_is_seen(rendered):
    pole = rendered.capture.images["segmentation"] == named(rendered.capture, "Pole").id
    red, green, _ = np.load(rendered.folder / "rgb_linear.npy")[pole].mean(axis=0)
    assert green > 2 * red, "by itself the pole is orange"


def test_the_facts_are_those_of_the_capture(rendered):
    facts = json.loads((rendered.folder / "capture.json").read_text())
    assert (facts["env_id"], facts["seed"], facts["steps"], facts["appearance"]) == (
        "BlendCartpole-v0", SEED, STEPS, LOOK,
    )  # fmt: skip
    assert (facts["view"]["engine"], facts["view"]["width"], facts["view"]["camera"]) == ("raster", WIDTH, "Camera")
    np.testing.assert_array_equal(facts["projection"]["intrinsics"], rendered.capture.intrinsics)
    np.testing.assert_array_equal(facts["world_to_camera"], rendered.capture.world_to_camera)
    assert facts["blender_camera"]["lens"] == rendered.capture.blender_camera.lens
    assert len(facts["objects"]) == len(rendered.capture.objects)
    for written, seen in zip(facts["objects"], rendered.capture.objects, strict=True):
        assert (written["id"], written["name"], tuple(written["box"])) == (seen.id, seen.name, seen.box)
        np.testing.assert_array_equal(written["corners"], seen.corners)


def test_the_colour_picture_is_the_array(rendered):
    np.testing.assert_array_equal(picture(rendered, "rgb"), rendered.capture.images["rgb"])


def test_linear_colours_are_shown_as_a_screen_shows_them(rendered):
    shown = picture(rendered, "rgb_linear").astype(int)
    # The raster engine clips each sample of rgb by itself, which is seen where a highlight ends.
    assert (np.abs(shown - rendered.capture.images["rgb"]) <= 1).mean() > 0.99


@pytest.mark.parametrize("name", ["depth", "distance"])
def test_nothing_is_grey_and_what_is_near_is_brighter_than_what_is_far(rendered, name):
    pixels, metres = picture(rendered, name), rendered.capture.images[name]
    nothing = rendered.capture.images["segmentation"] == 0
    assert 0.1 < nothing.mean() < 0.9
    assert (pixels[nothing] == NOTHING).all()
    assert (pixels[~nothing] != NOTHING).any(axis=1).all()
    luminance = pixels[~nothing] @ (0.2126, 0.7152, 0.0722)
    in_order = luminance[np.argsort(metres[~nothing])]
    assert in_order[0] - in_order[-1] > 150
    assert np.diff(in_order).max() < 2, "rounding apart, it only becomes darker"


def test_normals_have_the_usual_colours(rendered):
    pixels, ids = picture(rendered, "normals"), rendered.capture.images["segmentation"]
    _, green, blue = pixels[ids == named(rendered.capture, "Ground").id].mean(axis=0)
    assert green > 240, "the ground looks up"
    assert blue < 160
    assert pixels[ids == named(rendered.capture, "Pole").id].mean(axis=0)[2] > 240, "the pole looks at the camera"
    assert (pixels[ids == 0] == NOTHING).all()


def test_every_object_has_its_colour_in_the_segmentation(rendered):
    pixels, ids = picture(rendered, "segmentation"), rendered.capture.images["segmentation"]
    colours = {tuple(np.unique(pixels[ids == number], axis=0).ravel()) for number in np.unique(ids)}
    assert colours == {colour_of(number) for number in np.unique(ids).tolist()}
    assert len(colours) == 5


def test_legends_explain_depth_with_the_colours_of_its_picture(rendered):
    pixels = np.array(Image.open(rendered.folder / "depth.png"))
    legend = {tuple(colour) for colour in pixels[HEIGHT * ZOOM :].reshape(-1, 3).tolist()}
    assert {(255, 240, 84), (27, 21, 72), NOTHING} <= legend, "near, far, and nothing"


def test_the_box_lies_around_the_pole(rendered):
    pole = named(rendered.capture, "Pole")
    pixels = np.array(Image.open(rendered.folder / "boxes.png"))
    left, top, right, bottom = (round(side * ZOOM) for side in pole.box)
    upper_half = slice(top + 2, (top + bottom) // 2)
    # Two pixels thick, centred on the border.
    for side in (left, right):
        assert (pixels[upper_half, side - 1 : side + 1] == colour_of(pole.id)).all()
    assert (pixels[top - 1 : top + 1, left:right] == colour_of(pole.id)).all()
    plain = np.repeat(np.repeat(rendered.capture.images["rgb"], ZOOM, axis=0), ZOOM, axis=1)
    np.testing.assert_array_equal(pixels[: HEIGHT // 6 * ZOOM], plain[: HEIGHT // 6 * ZOOM], "nothing is in the sky")


def test_hidden_objects_have_no_box_but_a_dashed_one(rendered):
    pole = named(rendered.capture, "Pole")
    hidden = msgspec.structs.replace(pole, box=None, amodal_box=pole.box)
    alone = msgspec.structs.replace(rendered.capture, objects=(hidden,))
    pixels = np.array(boxes_picture(alone).image)
    left, top, _, bottom = (round(side * ZOOM) for side in pole.box)
    drawn = (pixels[top:bottom, left] == colour_of(pole.id)).all(axis=1)
    assert 0.3 < drawn.mean() < 0.9


def test_edges_of_a_box_around_the_camera_are_cut_where_it_stops_seeing(rendered):
    camera_to_world = np.linalg.inv(rendered.capture.world_to_camera)
    corners = [(x, y, z) for x in (-3, 3) for y, z in ((-1, -2), (-1, 9), (1, 9), (1, -2))]
    world = np.array(corners) @ camera_to_world[:3, :3].T + camera_to_world[:3, 3]
    edges = visible_edges(world, rendered.capture, (WIDTH, HEIGHT))
    assert 4 <= len(edges) < 12
    assert np.isfinite(edges).all()
    assert edges.min() >= -1e-6
    assert (edges <= np.array([WIDTH, HEIGHT]) + 1e-6).all()


@pytest.mark.parametrize(("near", "far"), [(3.5, 38.7), (0.1, 1000.0), (5.0, 6.0), (2.0, 2.02), (99.9, 100.95)])
def test_a_scale_has_round_lengths_within_its_ends(near, far):
    lengths = ticks(near, far)
    assert 2 <= len(lengths) <= 25
    assert lengths == sorted(lengths)
    assert near <= lengths[0]
    assert lengths[-1] <= far + 1e-9


def test_the_first_colours_are_told_apart_easily():
    colours = np.array([colour_of(number) for number in range(13)], int)
    apart = np.abs(colours[:, None] - colours[None]).sum(axis=-1) + 1000 * np.eye(13)
    assert apart.min() > 60
    assert len({colour_of(number) for number in range(100)}) == 100


def test_only_the_passes_that_were_asked_for_are_written(tmp_path):
    render("--passes", "depth", "segmentation", "--width", 64, "--height", 48, "--output", tmp_path)
    files = {file.name for file in tmp_path.iterdir()}
    assert files == {
        "depth.npy", "depth.png", "segmentation.npy", "segmentation.png", "overview.png", "capture.json",
    }  # fmt: skip


def test_drawn_parameters_make_a_sheet_of_episodes_that_can_be_had_again(tmp_path):
    done = render("--randomize", "visual", "--count", 2, "--width", 64, "--height", 48, "-o", tmp_path)
    assert "variety.png" in done.stdout
    drawn = json.loads((tmp_path / "variety.json").read_text())
    pixels = np.array(Image.open(tmp_path / "variety.png"))
    env = gym.make("BlendCartpole-v0")
    assert [set(values) for values in drawn] == [
        {name for name, each in env.unwrapped.task.parameters.items() if each.group == "visual"}
    ] * 2
    for number, values in enumerate(drawn):
        env.reset(seed=number, options={"params": values})
        expected = env.unwrapped.capture(width=64, height=48).images["rgb"]
        left = 8 + number * (64 + 8)
        np.testing.assert_array_equal(pixels[64 : 64 + 48, left : left + 64], expected)
    env.close()


def assert_is_refused(done, *messages):
    assert done.returncode in (1, 2)  # 2 for what is refused before anything begins.
    assert "Traceback" not in done.stderr
    told = " ".join(done.stderr.replace("│", " ").split())
    for message in messages:
        assert message in told


def test_an_engine_without_a_pass_names_those_that_have_it(tmp_path):
    done = render("--engine", "workbench", "--passes", "rgb_linear", "-o", tmp_path / "out", check=False)
    able = [name for name, engine in ENGINES.items() if "rgb_linear" in engine.passes]
    assert_is_refused(done, "'workbench'", "'rgb_linear'", *able)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot be read: No such file"),
        (b"{", "is no JSON"),
        (b'"\xff"', "is no JSON"),
        (b'{"lightning": {}}', "unknown field `lightning`"),
    ],
)
def test_a_wrong_appearance_file_is_refused_in_a_line(tmp_path, content, message):
    file = tmp_path / "look.json"
    if content is not None:
        file.write_bytes(content)
    assert_is_refused(render("--appearance", file, "-o", tmp_path / "out", check=False), message)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("CartPole-v1",), "'CartPole-v1' is no environment in Blender. There are BlendAcrobot-v0"),
        (("BlendCartpoleTwin-v0",), "'BlendCartpoleTwin-v0' is no environment in Blender"),
        (("BlendCartpol-v0",), "no environment 'BlendCartpol-v0': Environment `BlendCartpol` doesn't exist"),
        (("--engine", "povray"), "invalid choice 'povray'"),
        (("--seed", -1), "-1 is less than 0"),
        (("--count", 0), "0 is less than 1"),
        (("--randomize", "vision"), "Groups are dynamics, actuator, sensor, visual"),
        (("-o", "/dev/null"), "'/dev/null' is no folder"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_line(arguments, message):
    assert_is_refused(render(*arguments, check=False), message)
