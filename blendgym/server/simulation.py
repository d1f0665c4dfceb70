"""One task in one world, and the life of its episodes."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.blender.looks.scenery import Scenery
from blendgym.blender.looks.wardrobe import Wardrobe
from blendgym.blender.physics.world import World
from blendgym.blender.render.cameras import Cameras
from blendgym.blender.scenes import LoadedScene
from blendgym.blender.stage import Stage
from blendgym.errors import InvalidOption, ResetNeeded, SceneError, SimulationDiverged
from blendgym.faults import Faults
from blendgym.images.captures import Capture
from blendgym.images.views import View
from blendgym.names import missing
from blendgym.parameters import Target
from blendgym.server.channel import Channel
from blendgym.server.failures import with_lines
from blendgym.server.intervals import Intervals
from blendgym.server.observing import Observing
from blendgym.server.outcomes import checked
from blendgym.spaces import STATE, Arrays, leaves
from blendgym.task import Outcome, Task
from blendgym.wire.messages import MAX_SEED, Episode


class Simulation:
    """Runs the episodes of a task in a scene.

    An episode depends on nothing but its seed, parameters and actions: not on earlier episodes, not on others in the
    same Blender, not on the process.

    Args:
        task: The task.
        loaded: Its scene.

    Attributes:
        is_running: Whether an episode is under way.
        why_not_running: Otherwise: since when, for messages.
    """

    def __init__(self, task: Task, loaded: LoadedScene) -> None:
        self.task = task
        self._stage = Stage(loaded, task.templates)
        faults = Faults("The scene", SceneError)
        with faults.collected():
            self.world = World(loaded, task.control_rate, task.substeps, task.frames_per_step)
        cameras = loaded.of_type("CAMERA")
        if task.camera != Task.camera and task.camera not in cameras:
            faults.add(missing("camera", task.camera, cameras) + " The task names it.")
        faults.report()
        self.cameras = Cameras(loaded, self.world.swept)
        self.world.sight = self.cameras.in_sight
        self.is_running, self.why_not_running = False, "before the first reset()"
        self._is_direct = False
        scenery = Scenery(loaded, self.cameras.imagings)
        self._wardrobe = Wardrobe(loaded, scenery)
        self._channel = Channel(leaves(task.observation_space), task.scale_of_observations())
        self._target = Target(self.world, task, self._channel, scenery)
        self._intervals = Intervals(task.parameters, self._target)
        self._observing = Observing(task)
        if not task.templates:
            self._bind(faults)

    def _bind(self, faults: Faults) -> None:
        """Lets the task look up what it uses, and looks up what its parameters change."""
        with faults.collected(), with_lines():
            self.world.bind(self.task)
        for parameter in self.task.parameters.values():
            # Attributes of the task, and what a binding of its own reads, may not be there before they have been set.
            with faults.collected(), contextlib.suppress(AttributeError, LookupError):
                parameter.binding.read(self._target)
        faults.report()

    def check(self, episode: Episode) -> None:
        """Looks at all that can be known of an episode before it begins.

        Raises:
            InvalidOption: If its seed is not from 0 to 2**63 - 1.
            InvalidParameter: If a parameter is unknown or its value wrong, or cannot change within an episode.
            InvalidAction: If an action with which it begins is not in the action space.
        """
        if not 0 <= episode.seed <= MAX_SEED:
            raise InvalidOption(f"The seed of an episode is {episode.seed}; expected 0 to {MAX_SEED}.")
        self.task.parameters.validate(episode.parameters)
        self._intervals.check(episode)
        if episode.actions is not None:
            self.task.action_space.validate_batch(episode.actions, len(episode.actions))

    def reset(self, episode: Episode, views: Sequence[View] = ()) -> tuple[Arrays, dict[str, float]]:
        """Begins an episode that has been checked, and takes the actions with which it begins.

        Args:
            episode: The episode.
            views: What is observed beside the state.

        Returns:
            The arrays of the first observation that is seen by name, and the parameters in effect, read back.

        Raises:
            InvalidOption: If the scene has no material of its appearance; the episode before goes on then.
            AssetError: If an image is missing or unreadable; likewise.
            ParameterNotInEffect: If another value was read back than was set.
        """
        self._wardrobe.apply(episode.appearance)
        self.stop("after a reset() that failed")
        self.world.rest()
        self.task.parameters.apply(self._target, episode.parameters)
        self._intervals.begin(episode)
        self._channel.begin(episode.seed)
        self.cameras.begin(episode.seed)
        rng = np.random.Generator(np.random.PCG64(episode.seed))
        if self.task.templates:
            self._lay_out(rng)
        self.task.reset(self.world, rng)
        self.world.start()
        self.cameras.scene_changed()
        in_effect = self.task.parameters.read(self._target)
        self.task.parameters.require_in_effect(episode.parameters, in_effect)
        observation = self._channel.send_state(self._observing.arrays(self.task.observe()))
        # Most episodes change nothing on the way, and should not pay for what could.
        self._is_direct = self._channel.is_clear and self._intervals.are_none
        self.is_running = True
        taken = () if episode.actions is None else episode.actions
        for left, action in zip(range(len(taken), 0, -1), taken, strict=True):
            observation = self._take_again(action, left, views)
        return observation, in_effect

    def _take_again(self, action: Any, left: int, views: Sequence[View]) -> Arrays:
        """Takes one of the actions with which an episode begins; ``left`` of them are to be taken, this included."""
        if not self.is_running:
            raise InvalidOption(f"The episode is over {left} steps before it was so when its state was taken.")
        if left <= self._channel.observation_latency:
            self.observe(views)  # The image is still on its way when the episode goes on.
        observation, _ = self.step(action)
        return observation

    def _lay_out(self, rng: np.random.Generator) -> None:
        """Sets up the scene of the episode, with all that its layout asks for."""
        items = self._stage.lay_out(self.task.layout(rng))
        self.world.furnish(self._stage.objects)
        for item in items:
            if np.any(item.velocity) or np.any(item.angular_velocity):
                self.world.body(item.name).place(item.pose, item.velocity, item.angular_velocity)
        self.world.bind(self.task)

    def step(self, action: Any) -> tuple[Arrays, Outcome]:
        """Takes a step, in an episode that is running: ``act``, ``advance`` and ``judge``."""
        self.act(action)
        self.advance()
        return self.judge()

    def act(self, action: Any) -> None:
        """Begins a step, in an episode that is running: ``advance`` and ``judge`` have to follow.

        Args:
            action: An element of the action space.
        """
        # Whatever raises from here on leaves an episode that cannot go on.
        self.stop("after a step() that failed")
        if self._is_direct:
            self.task.apply(action)
            return
        if self._intervals.advance():
            self.cameras.scene_changed()
        arrived = self._channel.send_action(action)
        if arrived is not None:
            self.task.apply(arrived)

    def advance(self) -> None:
        """Simulates one control period."""
        self.world.advance()

    def judge(self) -> tuple[Arrays, Outcome]:
        """Ends a step.

        Returns:
            The arrays of the observation by name, and what the step led to.
        """
        self.world.measure()
        observation = self.task.observe()
        arrays = self._observing.arrays(observation)
        outcome = checked(self.task.outcome(observation), self.task)
        if outcome.terminated:
            self.why_not_running = "after the end of an episode"
        else:
            self.is_running = True
        return arrays if self._is_direct else self._channel.send_state(arrays), outcome

    def observe(self, views: Sequence[View]) -> Arrays:
        """The images of an observation, as they arrive at the agent.

        Raises:
            RenderError: If a view cannot be rendered.
        """
        images: dict[str, NDArray[Any]] = {}
        for view in views:
            images |= view.observed(self.cameras.render(view))
        return self._channel.send_images(images, [view.key("rgb") for view in views if "rgb" in view.passes])

    def diverged(self, name: str, array: NDArray[Any]) -> SimulationDiverged:
        """Ends an episode in which an array of the observation is not finite; the error that says so."""
        self.stop("after a step() that failed")
        what = "observation" if name == STATE else f"observation {name!r}"
        return SimulationDiverged(
            f"The {what} at {self.world.time:.3f} s is {array}: the physics has diverged, or "
            f"{type(self.task).__name__}.observe() has made it so. reset() starts the physics afresh."
        )

    def capture(self, views: Sequence[View]) -> tuple[Capture, ...]:
        """Pictures of the present state.

        Raises:
            ResetNeeded: If there is no state yet.
            RenderError: If a view cannot be rendered.
        """
        if not self.world.has_begun:
            raise ResetNeeded("render() was called before the first reset(); call reset() first.")
        return tuple(map(self.cameras.capture, views))

    def stop(self, why: str) -> None:
        """Ends the episode.

        Args:
            why: Continues "step() was called …".
        """
        self.is_running, self.why_not_running = False, why
