"""Materials: where everything is matt they have the colours of a calculation by hand, or an error says what cannot."""

from __future__ import annotations

import numpy as np
import pytest
from pictures.expected import COLOURS, REFUSED, REFUSED_BY_WORKBENCH, UNSEEN
from pictures.taking import taken_by

from blendgym.errors import RenderError

SPECULAR = 0.08
"""What the shine of a Principled BSDF adds to a matt surface in Cycles, at most, with its noise."""


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """Two pixels of a square with each material, by engine, and its ids."""
    return taken_by("materials", tmp_path_factory.mktemp("pictures"))


@pytest.mark.parametrize("name", COLOURS)
def test_the_rasterizer_shows_the_colour_that_the_nodes_amount_to(pictures, name):
    np.testing.assert_allclose(pictures[f"{name} raster"], COLOURS[name], atol=3e-3)


@pytest.mark.parametrize("name", COLOURS)
def test_the_rasterizer_shows_what_cycles_shows_but_for_the_shine(pictures, name):
    np.testing.assert_allclose(pictures[f"{name} raster"], pictures[f"{name} cycles"], atol=SPECULAR)


@pytest.mark.parametrize("name", [name for name in COLOURS if name not in (*REFUSED_BY_WORKBENCH, *UNSEEN)])
def test_workbench_draws_the_same_colour(pictures, name):
    # Its studio light shades the right half otherwise; what it is compared with has the left colour everywhere.
    np.testing.assert_allclose(pictures[f"{name} workbench"][0], pictures[f"{name} reference"][0], atol=1)


@pytest.mark.parametrize("name", REFUSED_BY_WORKBENCH)
def test_workbench_refuses_what_it_cannot_draw(pictures, name):
    message = str(pictures[f"{name} workbench"])
    assert message.startswith("RenderError")
    assert f"'{name}'" in message
    assert "raster, eevee and cycles" in message


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("engine", ["raster", "workbench"])
def test_what_only_shading_can_tell_is_an_error_that_names_material_and_node(pictures, name, engine):
    message = str(pictures[f"{name} {engine}"])
    assert message.startswith("RenderError")
    assert f"'{name}'" in message
    assert REFUSED[name] in message


@pytest.mark.parametrize("name", COLOURS)
def test_annotations_show_what_has_half_an_alpha(pictures, name):
    assert tuple(pictures[f"{name} ids"]) == UNSEEN.get(name, (1, 1))


def test_annotations_refuse_an_alpha_that_cannot_be_told(pictures):
    assert "transparency of material 'noise_alpha'" in str(pictures["noise_alpha ids"])


@pytest.mark.parametrize(
    "engine", ["raster", *(pytest.param(name, marks=pytest.mark.long) for name in ("workbench", "cycles"))]
)
def test_a_missing_image_is_named_before_the_first_episode(make_env, engine):
    env = make_env("pictures.tasks:MissingImage", obs_type="rgb", engine=engine)
    with pytest.raises(RenderError, match="'bricks' of 'Wall' is missing: there is no file /nowhere/bricks.png"):
        env.reset(seed=0)


def test_an_image_that_cannot_be_read_is_named_before_the_first_episode(make_env):
    env = make_env("pictures.tasks:DamagedImage", obs_type="rgb")
    with pytest.raises(RenderError, match=r"'bricks' of 'Wall' is damaged.*cannot read .*damaged_image.py"):
        env.reset(seed=0)


def test_whoever_needs_no_pictures_need_not_mind_a_damaged_image(make_env):
    env = make_env("pictures.tasks:DamagedImage")
    env.reset(seed=0)
    with pytest.raises(RenderError, match="is damaged"):
        env.capture()


@pytest.mark.parametrize("render_mode", [None, "rgb_array"])
def test_a_material_that_an_engine_cannot_show_is_an_error_before_the_first_episode(make_env, render_mode):
    observed = {"render_mode": render_mode} if render_mode else {"obs_type": "rgb"}
    env = make_env("pictures.tasks:NoisyWall", engine="raster", **observed)
    with pytest.raises(RenderError, match="Material 'Wall' uses node 'Noise Texture'"):
        env.reset(seed=0)


def test_cycles_shows_what_the_rasterizer_refuses(make_env):
    env = make_env("pictures.tasks:NoisyWall", obs_type="rgb", engine="cycles")
    assert np.ptp(env.reset(seed=0)[0]) > 20
