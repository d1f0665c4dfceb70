"""Teachers are trained next to their references, on all cores, and nothing is lost when the training is ended."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time

import numpy as np
import psutil
import pytest

from blendgym.errors import InvalidOption, PlayerDied
from blendgym.meta.evolution import SEARCH
from blendgym.meta.files import read_again
from blendgym.meta.judging import standings, verdict
from blendgym.meta.policies import AcquisitionPolicy
from blendgym.meta.pool import REFERENCES, Play, Pool
from blendgym.meta.training import train_teacher

TOY = {
    "student": "field", "action": "acquisition", "randomize": ["cart.mass", "gravity"], "steps_per_action": 6_400,
    "actions_per_episode": 12,
}  # fmt: skip

SCRIPT = """
import json, sys
from pathlib import Path
from blendgym.meta.training import train_teacher

if __name__ == "__main__":
    train_teacher(Path(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3], int(sys.argv[4]), seed=0, judged=2)
"""


def trained_to_its_end(folder, learner, meta_episodes):
    train_teacher(folder, TOY, learner, meta_episodes, seed=0, judged=2)
    return folder


def killed_once(folder, learner, meta_episodes, file, times):
    """Begins a training, and kills it as soon as the learner has been kept in its file so many times."""
    command = [sys.executable, "-c", SCRIPT, folder, json.dumps(TOY), learner, str(meta_episodes)]
    kept = set()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while len(kept) < times and process.poll() is None:
            if (folder / file).exists():
                kept.add((folder / file).stat().st_mtime_ns)
            time.sleep(0.01)
        process.kill()
        assert process.wait() == -signal.SIGKILL, "it was over before it could be killed"
    return folder


def weights(folder):
    with np.load(folder / "teacher.npz") as arrays:
        return dict(arrays)


def test_a_killed_evolution_goes_on_to_the_same_teacher(tmp_path):
    whole = trained_to_its_end(tmp_path / "whole", "evolution", 48)
    killed = killed_once(tmp_path / "killed", "evolution", 48, SEARCH, times=1)
    kept = json.loads((killed / SEARCH).read_text())["search"]["generations"]
    assert 1 <= kept < 3
    trained_to_its_end(killed, "evolution", 48)
    np.testing.assert_equal(weights(killed), weights(whole))
    for name in ("returns.csv", "result.json", "gains.json"):
        assert (killed / name).read_text() == (whole / name).read_text()
    assert len((whole / "returns.csv").read_text().splitlines()) == 1 + 48


@pytest.mark.long
def test_a_killed_ppo_goes_on_from_its_last_update(tmp_path):
    pytest.importorskip("stable_baselines3")
    from blendgym.meta.proximal import LEARNER

    killed = killed_once(tmp_path, "ppo", 96, LEARNER, times=2)  # before its first update, and after it
    trained_to_its_end(killed, "ppo", 96)
    gains = np.loadtxt(killed / "returns.csv", delimiter=",", skiprows=1)
    np.testing.assert_array_equal(gains[:, 0], np.arange(1, len(gains) + 1))
    assert 96 <= len(gains) < 96 + 8, "those before the kill are among them"
    assert weights(killed)["weights_0"].shape[1] == AcquisitionPolicy.inputs


def test_meta_episodes_are_the_same_on_one_core_and_on_two_and_no_process_stays():
    generator = np.random.default_rng(0)
    learned = AcquisitionPolicy.linear(generator.normal(size=AcquisitionPolicy.size()))
    plays = [Play(teacher, seed) for seed in (3, 4) for teacher in (learned, *REFERENCES)]
    with Pool(TOY, 1) as pool:
        alone = list(pool.gains(plays))
    assert len(set(alone)) == len(plays), "teachers and students differ"
    before = set(psutil.Process().children())
    with Pool(TOY, 2) as pool:
        assert list(pool.gains(plays)) == alone
        assert len(set(psutil.Process().children()) - before) >= 2
    assert not {child for child in set(psutil.Process().children()) - before if "spawn_main" in str(child.cmdline())}


def test_a_player_that_dies_is_told_and_one_that_raises_raises_here():
    with Pool(TOY, 2) as pool:
        for child in psutil.Process().children():
            if "spawn_main" in str(child.cmdline()):
                child.kill()
        with pytest.raises(PlayerDied, match="was killed by SIGKILL"):
            list(pool.gains([Play("constant", 0)]))
    with Pool(TOY | {"randomize": []}, 2) as pool, pytest.raises(InvalidOption, match="at least 1"):
        list(pool.gains([Play("constant", 0)]))


def test_what_was_kept_is_not_called_damaged_when_it_is_the_disk_that_fails(tmp_path):
    with pytest.raises(OSError, match="full"), read_again(tmp_path / SEARCH):
        raise OSError("the disk is full")
    with pytest.raises(InvalidOption, match="is damaged"), read_again(tmp_path / SEARCH):
        raise KeyError("search")


def test_without_weights_a_policy_is_the_recipe_and_constant_is_it():
    with Pool(TOY, 1) as pool:
        nothing = AcquisitionPolicy.linear(np.zeros(AcquisitionPolicy.size()))
        learned, constant, random = pool.gains([Play(teacher, 5) for teacher in (nothing, "constant", "random")])
    assert learned == constant != random


def test_a_folder_keeps_to_the_teacher_that_was_begun_in_it(tmp_path):
    (tmp_path / "settings.json").write_text("{}")
    with pytest.raises(InvalidOption, match="another teacher"):
        train_teacher(tmp_path, TOY, "evolution", 16, seed=0, judged=2)


@pytest.mark.parametrize(
    "wrong",
    [
        {"arguments": TOY | {"action": "teacher"}}, {"arguments": TOY | {"randomize": []}}, {"arguments": None},
        {"arguments": {"student": "field"}}, {"arguments": TOY | {"student": object()}}, {"learner": "gradients"},
        {"learner": 3}, {"seed": "a"}, {"seed": -1}, {"seed": 1.5}, {"judged": 0}, {"judged": "all"},
        {"meta_episodes": 0}, {"meta_episodes": None}, {"processes": 0},
    ],
)  # fmt: skip
def test_wrong_arguments_are_told_before_anything_is_written(wrong, tmp_path):
    right = {"arguments": TOY, "learner": "evolution", "meta_episodes": 16, "seed": 0, "judged": 2}
    with pytest.raises(InvalidOption):
        train_teacher(tmp_path / "teacher", **(right | wrong))
    assert not (tmp_path / "teacher").exists()


@pytest.mark.parametrize(
    ("name", "learner", "content"),
    [
        ("gains.json", "evolution", b'{"uniform": [0.1'),
        ("gains.json", "evolution", b'{"uniform": [0.1]}'),
        ("gains.json", "evolution", b"\xff\xfe"),
        ("search.json", "evolution", b'{"search": {}}'),
        ("learner.zip", "ppo", b"no archive"),
    ],
)
def test_what_was_kept_and_is_damaged_is_named_with_what_to_do(name, learner, content, tmp_path):
    (tmp_path / "gains.json").write_text(json.dumps({name: [0.1, 0.2] for name in REFERENCES}))
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InvalidOption, match=rf"{name} is damaged .*remove it, and the same call makes it anew"):
        train_teacher(tmp_path, TOY, learner, 16, seed=0, judged=2)


def test_a_learned_teacher_is_told_with_all_references_or_not_at_all():
    gains = {"uniform": [0.1, 0.2, 0.1], "constant": [0.3, 0.5, 0.4], "learned": [0.4, 0.6, 0.5]}
    with pytest.raises(InvalidOption, match="random"):
        standings(gains)
    ranking = standings(gains | {"random": [0.35, 0.65, 0.5]})
    assert [each.name for each in ranking] == ["learned", "random", "constant", "uniform"]
    by_name = {each.name: each.learned_more for each in ranking}
    assert by_name["constant"] == pytest.approx((0.1, 0.1, 0.1)), "pairs of the same student, which agree"
    assert by_name["random"].low < 0.0 < by_name["random"].high
    assert verdict(ranking, 5) == (
        "On the same students, the learned teacher is not told apart from random and better than constant."
    )
    assert verdict(ranking, 4) == "On 4 students nothing can be told of the learned teacher; judge at least 5."
