"""What a file links from libraries is its own in every slot: seen, named, told apart."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from places import HELPERS

from blendgym.vector.vector_env import BlendVectorEnv

TASK = "sights.tasks:FromFile"
EXPECTED = {
    "Cube", "Cube.001", "Cube.002", "Trunk", "Leaf",
    "Tree of one/Trunk.001", "Tree of one/Leaf.001", "Tree of two/Trunk.002", "Tree of two/Leaf.002",
}  # fmt: skip
"""Two cubes of libraries lie over each other in the middle."""


@pytest.fixture(scope="module")
def linking(tmp_path_factory):
    folder = tmp_path_factory.mktemp("linked")
    subprocess.run([sys.executable, Path(HELPERS, "sights", "linked.py"), folder], check=True, capture_output=True)
    return {"path": str(folder / "linking.blend")}


@pytest.mark.parametrize("engine", ["raster", "cycles"])
def test_linked_overridden_and_instanced_things_are_in_sight_with_names_of_their_own(make_env, linking, engine):
    env = make_env(TASK, **linking)
    env.reset(seed=0)
    assert {each.name for each in env.capture(engine=engine, width=160, height=120, objects=True).objects} == EXPECTED


def test_every_slot_of_a_server_sees_the_same(make_env, linking):
    alone = make_env(TASK, **linking)
    alone.reset(seed=0)
    expected = alone.capture(passes=("segmentation",), width=160, height=120)
    together = BlendVectorEnv(TASK, 3, num_servers=1, **linking)
    together.reset(seed=0)
    for slot in together.slots:
        seen = slot.capture(passes=("segmentation",), width=160, height=120)
        assert [each.name for each in seen.objects] == [each.name for each in expected.objects]
        np.testing.assert_array_equal(seen.images["segmentation"], expected.images["segmentation"])
    together.close()


def test_slots_do_not_share_the_surfaces_of_what_they_link(linking):
    white = {"colour": [1.0, 1.0, 1.0]}
    looks = [{"surfaces": {"Paint": {"colour": colour}}, "lighting": white} for colour in ([1, 0, 0], [0, 0, 1])]
    envs = BlendVectorEnv(TASK, 2, num_servers=1, **linking)
    envs.reset(seed=0, options={"appearance": looks})
    for slot, expected in zip(envs.slots, ((255, 0, 0), (0, 0, 255)), strict=True):
        seen = slot.capture(passes=("rgb", "segmentation"), width=160, height=120)
        (trunk,) = (each.id for each in seen.objects if each.name == "Tree of one/Trunk.001")
        colour = np.median(seen.images["rgb"][seen.images["segmentation"] == trunk], axis=0)
        np.testing.assert_allclose(colour, expected, atol=15)
    envs.close()
