"""One task in one world, and the life of its episodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidOption, ResetNeeded, SimulationDiverged, TaskError
from blendgym.protocol.appearance import Appearance
from blendgym.protocol.capture import Capture
from blendgym.protocol.imaging import View, check_view
from blendgym.protocol.messages import MAX_SEED
from blendgym.server.appearance import Wardrobe
from blendgym.server.cameras.cameras import Cameras, Images
from blendgym.server.physics.world import World
from blendgym.server.scenes import load_scene, scene_hash
from blendgym.task import Outcome, Task


class Observation(NamedTuple):
    """What a step shows.

    Args:
        state: The task's own observation.
        images: The passes of the view that is observed, by name.
    """

    state: NDArray[Any]
    images: Images


class Simulation:
    """Builds the scene of a task and runs its episodes.

    An episode depends on nothing but its seed, parameters and actions: not on earlier episodes, not on the process.

    Args:
        task: The task.
        trust: Whether scripts and drivers of its ``.blend`` may run.
    """

    def __init__(self, task: Task, trust: bool = False) -> None:
        self.task = task
        scene = load_scene(task.scene, trust)
        self.scene_hash = scene_hash(scene)
        self.world = World(scene, task.control_rate, task.substeps)
        self.cameras = Cameras(scene, self.world.swept)
        self._wardrobe = Wardrobe(scene)
        self._observed: View | None = None
        self._why_not_running = "before the first reset()"
        self._running = False
        task.bind(self.world)

    def reset(
        self, seed: int, parameters: Mapping[str, float], appearance: Appearance | None
    ) -> tuple[Observation, dict[str, float]]:
        """Begins an episode.

        Args:
            seed: Of all random draws of the episode, from 0 to 2**63 - 1.
            parameters: Values that differ from the nominal ones.
            appearance: What the scene looks like; ``None`` for how it was built.

        Returns:
            The first observation, and the parameters in effect, read back.

        Raises:
            InvalidParameter: If a parameter is unknown or its value wrong; the episode before goes on then.
            InvalidOption: If the scene has no such material; likewise.
            AssetError: If an image is missing or unreadable; likewise.
        """
        if not 0 <= seed <= MAX_SEED:
            raise InvalidOption(f"The seed of an episode is {seed}; expected 0 to {MAX_SEED}.")
        values = self.task.parameters.validate(parameters)
        self._wardrobe.wear(appearance)
        self._stop("after a reset() that failed")
        self.world.rest()
        self.task.parameters.apply(self.world, self.task, values)
        self.task.reset(self.world, np.random.Generator(np.random.PCG64(seed)))
        self.world.start()
        self.cameras.scene_changed()
        observation = self._observe()
        self._running = True
        return observation, self.task.parameters.read(self.world, self.task)

    def step(self, action: Any) -> tuple[Observation, Outcome]:
        """Applies an action for one control period.

        Returns:
            The observation at its end, reward and termination.

        Raises:
            ResetNeeded: If no episode is running.
            InvalidAction: If the action is not in the action space; nothing has moved then.
            SimulationDiverged: If the observation is not finite; the episode is over then.
        """
        if not self._running:
            raise ResetNeeded(f"step() was called {self._why_not_running}; call reset() first.")
        valid = self.task.action_space.validate(action)
        self._stop("after a step() that failed")
        self.task.apply(valid)
        self.world.advance()
        observation = self._observe()
        outcome = self.task.outcome(observation.state)
        if outcome.terminated:
            self._stop("after the end of an episode")
        else:
            self._running = True
        return observation, outcome

    def prepare(self, observe: View | None, warm_up: Sequence[View]) -> None:
        """Says what is observed beside the state, and renders all views once, so that no later frame waits for it.

        Raises:
            RenderError: If a view cannot be rendered here.
            SystemLibraryMissing: If its engine needs a library that is not there.
        """
        for view in (*([observe] if observe else []), *warm_up):
            check_view(view)
            self.cameras.render(view)
        self._observed = observe

    def render(self, view: View, with_objects: bool) -> Capture:
        """A picture of the present state.

        Raises:
            ResetNeeded: If there is no state yet.
            RenderError: If the view cannot be rendered.
        """
        if self.world.frame == 0:
            raise ResetNeeded("render() was called before the first reset(); call reset() first.")
        return self.cameras.capture(view, with_objects)

    def _observe(self) -> Observation:
        return Observation(self._state(), self.cameras.render(self._observed) if self._observed else {})

    def _state(self) -> NDArray[Any]:
        observation, space = self.task.observe(), self.task.observation_space
        if observation.dtype != space.dtype or observation.shape != space.shape:
            raise TaskError(
                f"{type(self.task).__name__}.observe() returned {observation.dtype} {observation.shape}; "
                f"its observation_space is {space.dtype} {space.shape}."
            )
        if not np.isfinite(observation).all():
            raise SimulationDiverged(
                f"The observation at {self.world.time:.3f} s is {observation}; reset() starts the physics afresh."
            )
        return observation

    def _stop(self, why: str) -> None:
        self._running, self._why_not_running = False, why
