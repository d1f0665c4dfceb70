"""Runs over seeds become a table and curves; what is finished is kept."""

from __future__ import annotations

import csv
import json
import shutil

import numpy as np
import pytest
from PIL import Image

from blendgym.agents.recipes import Recipe
from blendgym.agents.training import train
from blendgym.benchmarks.learning.solved import main
from blendgym.benchmarks.learning.solved_runs import read_runs
from blendgym.errors import InvalidOption

PPO = {"n_steps": 64, "batch_size": 64, "n_epochs": 1}
SHORT = Recipe(256, num_envs=2, num_servers=1, learning_rate=1e-3, hyperparameters=PPO)
CARTPOLE = "BlendCartpole-v0"


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    home = tmp_path_factory.mktemp("trained")
    for seed in range(2):
        train(CARTPOLE, SHORT, seed, home, progress=False)
    return home


def test_a_finished_run_says_how_long_it_took_and_on_what(trained):
    runs = read_runs(trained)
    assert [(run.env_id, run.seed) for run in runs] == [(CARTPOLE, 0), (CARTPOLE, 1)]
    for run in runs:
        assert run.training["steps"] == 256
        assert 0 < run.training["minutes"] < 10
        assert run.training["processor"]
        assert run.training["cores"] >= 1


def test_runs_that_were_trained_elsewhere_become_a_table_of_all_seeds_beside_the_random_policy(trained, tmp_path):
    main(runs=trained, train=False, episodes=2, output=tmp_path)
    table = (tmp_path / "solved.md").read_text()
    returns = [json.loads((run / "evaluation.json").read_text())["mean_return"] for run in trained.iterdir()]
    low, high = sorted(returns)
    assert f"| {CARTPOLE} | PPO, state | 2 | {np.mean(returns):.1f} [{low:.1f}, {high:.1f}] |" in table
    assert "| 0 of 2 | 256 |" in table
    with (tmp_path / "solved.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [float(row["mean_return"]) for row in rows] == [run.evaluation["mean_return"] for run in read_runs(trained)]
    chance = json.loads((tmp_path / "random.json").read_text())[CARTPOLE]
    assert (chance["episodes"], chance["success_rate"]) == (2, 0.0)
    assert 0.0 <= chance["mean_score"] < 0.05
    with Image.open(tmp_path / "solved.png") as figure:
        assert figure.width > 300


def test_only_what_is_missing_is_trained_and_what_was_broken_off_counts_for_nothing(trained, tmp_path, monkeypatch):
    home = tmp_path / "runs"
    shutil.copytree(trained, home)
    next(home.glob("*seed1")).joinpath("training.json").unlink()
    asked = []
    monkeypatch.setattr("blendgym.agents.recipes.recipe_for", lambda env_id, _: asked.append(env_id) or SHORT)
    main((CARTPOLE,), seeds=2, episodes=1, output=tmp_path)
    assert asked == [CARTPOLE]
    assert [run.seed for run in read_runs(home)] == [0, 1]
    assert len(list(home.iterdir())) == 3


def test_a_folder_without_finished_runs_is_an_error_that_says_what_to_do(tmp_path):
    with pytest.raises(InvalidOption, match="no finished run in .*; leave out --no-train"):
        main(train=False, output=tmp_path)
