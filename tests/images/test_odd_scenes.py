"""What not every engine can show is right in those that can, and an error in the others; the state needs none."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from places import HELPERS
from sights.grid import HEIGHT, VISIBLE, WIDTH, cell

from blendgym.errors import RenderError

TASK = "sights.tasks:FromFile"
PLACE = len(VISIBLE) // 2
IN_THE_CORNER = {"camera": "Camera", "width": WIDTH, "height": HEIGHT, "samples": 1}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("odd")
    subprocess.run([sys.executable, HELPERS / "sights" / "odd.py", made], check=True, capture_output=True)
    return made


@pytest.fixture
def begun(folder, make_env):
    def begin(kind):
        env = make_env(TASK, path=str(folder / f"{kind}.blend"))
        env.reset(seed=0)
        return env

    return begin


def look(env, engine):
    """Names of what has ids in the cell of the odd thing, and where there are ids and colours."""
    images = env.capture(passes=("rgb", "segmentation"), engine=engine, **IN_THE_CORNER).images
    ids = cell(images["segmentation"], PLACE)
    names = {env.objects[number].name for number in np.unique(ids).tolist() if number}
    return names, ids > 0, cell(images["rgb"], PLACE).max(axis=2) > 8


def test_a_holdout_hides_what_is_behind_it_and_shows_nothing(begun):
    env = begun("holdout")
    for engine in ("raster", "cycles", "eevee"):
        names, ids, colours = look(env, engine)
        assert names == {"Wall"}
        assert ids.sum() == 16 * 16 - 8 * 8
        assert not colours[7:13, 7:13].any()
        assert colours[3:5, 3:17].all()
    with pytest.raises(RenderError, match="'Hole' is a holdout, which workbench cannot show"):
        look(env, "workbench")


@pytest.mark.parametrize("kind", ["holdout_instancer", "invisible_instancer"])
def test_instances_of_what_hides_them_are_hidden_or_an_error(begun, kind):
    env = begun(kind)
    for engine in ("raster", "cycles"):
        names, _, colours = look(env, engine)
        assert not names
        assert not colours.any()
    with pytest.raises(RenderError, match=r"eevee shows its instances.*'Part', or use another engine"):
        look(env, "eevee")


@pytest.mark.parametrize("kind", ["invisible_source", "hidden_hair"])
def test_what_is_hidden_itself_is_hidden_everywhere(begun, kind):
    env = begun(kind)
    for engine in ("raster", "cycles", "workbench"):
        names, _, colours = look(env, engine)
        assert not names
        assert not colours.any()


@pytest.mark.parametrize(
    ("kind", "complaint"),
    [
        ("hair", "'Hair' shows hair"),
        ("particle_hair", "'Head' shows hair"),
        ("points", "'Points' shows pointcloud"),
        ("volume", "'Cloud' shows volume"),
        ("strokes", "'Strokes' shows greasepencil"),
        ("displaced", "Material 'Rock' displaces surfaces"),
        ("keyed", "'Blinking' has keys or a driver for hide_render"),
        ("driven", "'Refined' has keys or a driver for modifiers"),
        ("swollen", "Body 'Ball' would be seen in another shape than it collides in"),
    ],
)
def test_what_cannot_be_told_apart_or_shown_alike_is_named_and_the_state_goes_on(begun, kind, complaint):
    env = begun(kind)
    for engine in ("raster", "cycles", "workbench"):
        with pytest.raises(RenderError, match=complaint):
            look(env, engine)
    env.step(np.zeros(1, np.float32))


def test_it_is_an_error_of_the_environment_where_images_are_observed(folder, make_env):
    env = make_env(TASK, path=str(folder / "hair.blend"), obs_type="rgb", engine="raster")
    with pytest.raises(RenderError, match="'Hair' shows hair"):
        env.reset(seed=0)


@pytest.mark.parametrize("kind", ["hull", "halos", "bumpy"])
def test_what_makes_no_difference_is_no_error(begun, kind):
    env = begun(kind)
    for engine in ("raster", "cycles", "workbench"):
        names, ids, colours = look(env, engine)
        assert len(names) == 1
        np.testing.assert_array_equal(ids, colours)
