"""``blendgym train``."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from rich.console import Console

from blendgym.arguments import EnvironmentId, MaybeCount, OutputFolder, Seed, refuse_without_effect
from blendgym.execute.cluster import LOCAL, connected_cluster


def train(
    env_id: EnvironmentId = "BlendCartpole-v0",
    /,
    obs_type: str | None = None,
    seed: Seed = 0,
    steps: MaybeCount = None,
    randomize: tuple[str, ...] = (),
    scene: str | None = None,
    execute: str = LOCAL,
    output: OutputFolder = Path("runs"),
    resume: Path | None = None,
) -> None:
    """Trains by the environment's recipe, with stable-baselines3, into a run folder.

    Twenty times in a training a checkpoint is kept, and once more if it is interrupted.

    Args:
        env_id: Id of the environment.
        obs_type: What the agent sees, such as "state" or "rgb"; by default what the environment shows.
        seed: Seed of the environments and of the algorithm.
        steps: Environment steps to train for, instead of the recipe's.
        randomize: Names of parameters, or of groups such as dynamics, whose values are drawn for each episode, instead
            of the recipe's; with "adaptive", alone or among them, the draws follow the student.
        scene: A .blend in place of the environment's own scene.
        execute: Where its Blenders are: local, ray or ray:HOST:PORT. It is trained here in any case.
        output: Where the run folder is made.
        resume: Folder of a run to go on with from its last checkpoint, as it was begun; nothing else is needed then.
    """
    if resume:
        refuse_without_effect(
            train, "with --resume: a run goes on as it was begun", env_id=env_id, obs_type=obs_type, seed=seed,
            steps=steps, randomize=randomize, scene=scene, execute=execute, output=output,
        )  # fmt: skip
    from blendgym.agents.recipes import recipe_for
    from blendgym.agents.training import resume as resume_run
    from blendgym.agents.training import train as train_by_recipe

    if resume:
        resume_run(resume)
        Console().print(f"Trained to the end: {resume}", soft_wrap=True)
        return
    recipe = recipe_for(env_id, obs_type)
    if steps:
        recipe = dataclasses.replace(recipe, total_timesteps=steps)
    if randomize:
        recipe = dataclasses.replace(recipe, randomize=list(randomize))
    if scene:
        recipe = dataclasses.replace(recipe, env_arguments={**recipe.env_arguments, "scene": scene})
    if connected_cluster(execute):
        recipe = dataclasses.replace(recipe, env_arguments={**recipe.env_arguments, "execute": execute})
    folder = train_by_recipe(env_id, recipe, seed, output)
    Console().print(f"Trained for {recipe.total_timesteps:,} steps: {folder.path}", soft_wrap=True)
