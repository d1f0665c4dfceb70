"""The slots of a server: simulations of one task, side by side in one Blender, reset and stepped together."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from blendgym.blender.render.cycles.devices import taken_gpu
from blendgym.blender.scenes import LoadedScene, load_scenes
from blendgym.errors import InvalidOption, RenderError, ResetNeeded
from blendgym.images.captures import Capture, ObjectEntry
from blendgym.images.views import View, check_observed, check_view, image_bytes
from blendgym.scene_places import find_scene, read_scene
from blendgym.server.failures import fault_of
from blendgym.server.simulation import Simulation
from blendgym.spaces import Arrays, blank, leaves
from blendgym.task import Outcome, Task, make_task
from blendgym.wire.codec import MAX_FRAMES, MAX_HEADER_BYTES
from blendgym.wire.messages import MAX_REPLY_BYTES, Began, Episode, Fault, Stepped

Result = TypeVar("Result")

FEW_NUMBERS = 256
MOST_IMAGES = MAX_FRAMES // 2
"""Of all views; the arrays of the state take frames, too."""

NOTHING = Outcome(reward=0.0, terminated=False)
"""What a step has led to in a slot with a fault."""

CATCHABLE = (Exception, SystemExit)
"""The task is the user's code, which may even want to exit, and Blender's errors have no common base."""


class Slots:
    """Some simulations of one task.

    Args:
        tasks: The task, an instance for each slot.
        scenes: The scene, likewise.
        source: The name or path of the scene.

    Attributes:
        task: The task of the first, whose declarations are those of all.
        scene: Its name or path.
        cameras: Of the first.
        gpu: What renders the colours of views that need a GPU; empty where none does.
        scene_hash: Of the scene of each.
    """

    def __init__(self, tasks: Sequence[Task], scenes: Sequence[LoadedScene], source: str) -> None:
        first = tasks[0]
        self._simulations = [Simulation(*each) for each in zip(tasks, scenes, strict=True)]
        self._all = range(len(tasks))
        self._observed: tuple[View, ...] = ()
        self._spaces = leaves(first.observation_space)
        self._nothing = {name: array[0] for name, array in blank(self._spaces, 1).items()}, NOTHING
        self.scene, self.gpu = source, ""
        self.task, self.cameras, self.scene_hash = first, self._simulations[0].cameras, scenes[0].hash

    def __len__(self) -> int:
        return len(self._simulations)

    def prepare(self, observe: tuple[View, ...], warm_up: Sequence[View]) -> None:
        """Says what is observed beside the state, and renders all views once, so that no later frame waits for it.

        Raises:
            RenderError: If a view cannot be rendered here, or the images of all slots are too large for a reply.
            SystemLibraryMissing: If its engine needs a library that is not there.
            DeviceNotFound: If it needs a GPU, and there is none.
        """
        views = (*observe, *warm_up)
        for view in views:
            check_view(view)
        for view in observe:
            check_observed(view)
        _check_reply(observe, len(self))
        self.gpu = str(taken_gpu()) if any(view.needs_gpu for view in views) else ""
        for view in views:
            for simulation in self._simulations:
                simulation.cameras.render(view)
        self._observed = observe

    def reset(self, episodes: Sequence[Episode], sequence: int) -> Began:
        """Begins episodes.

        Raises:
            InvalidOption: If a slot does not exist or is named twice, or a seed is out of bounds; nothing has changed.
            InvalidParameter: If a parameter is unknown or its value wrong; nothing has changed then.
            InvalidAction: If an action with which one begins is not in the action space; likewise.
        """
        slots = self._existing([episode.slot for episode in episodes])
        for episode in episodes:
            self._simulations[episode.slot].check(episode)
        faults: dict[int, Fault] = {}
        begun = self._attempt(Simulation.reset, slots, faults, zip(episodes, repeat(self._observed), strict=False))
        rows = [begun.get(slot, (self._nothing[0], {})) for slot in slots]
        observations = self._observations([arrays for arrays, _ in rows], slots, faults)
        return Began(
            sequence=sequence,
            observations=observations,
            parameters=tuple(parameters for _, parameters in rows),
            objects=self._objects(slots),
            faults=faults,
        )

    def step(self, actions: NDArray[Any], slots: Sequence[int] | None, sequence: int) -> Stepped:
        """Applies actions for one control period.

        Raises:
            InvalidOption: If a slot does not exist or is named twice; nothing has moved then.
            InvalidAction: If the actions are not elements of the action space, one for each slot; likewise.
            ResetNeeded: If one of the slots has no episode under way; likewise.
        """
        chosen = self._all if slots is None else self._existing(slots)
        actions = self.task.action_space.validate_batch(actions, len(chosen))
        for slot in chosen:
            if not self._simulations[slot].is_running:
                raise self._reset_needed(slot)
        faults: dict[int, Fault] = {}
        judged = self._simulate(chosen, actions, faults)
        rows, outcomes = [], []
        for slot in chosen:
            arrays, outcome = judged.get(slot, self._nothing)
            rows.append(arrays)
            outcomes.append(outcome)
        observations = self._observations(rows, chosen, faults)
        if faults:
            outcomes = [NOTHING if slot in faults else outcome for slot, outcome in zip(chosen, outcomes, strict=True)]
        rewards, terminated, successes = zip(*outcomes, strict=True)
        return Stepped(
            sequence=sequence,
            observations=observations,
            rewards=rewards,
            terminated=terminated,
            successes=successes,
            faults=faults,
        )

    def _simulate(
        self, slots: Sequence[int], actions: NDArray[Any], faults: dict[int, Fault]
    ) -> dict[int, tuple[Arrays, Outcome]]:
        if len(slots) == 1:
            return self._attempt(Simulation.step, slots, faults, zip(actions, strict=True))
        # Phase by phase, for what every slot runs in turn stays in the processor's cache.
        acted = self._attempt(Simulation.act, slots, faults, zip(actions, strict=True))
        advanced = self._attempt(Simulation.advance, acted, faults)
        return self._attempt(Simulation.judge, advanced, faults)

    def stop(self) -> None:
        """Ends all episodes: another client begins its own."""
        for simulation in self._simulations:
            simulation.stop("before the first reset()")

    def capture(self, slot: int, views: Sequence[View]) -> tuple[Capture, ...]:
        """Pictures of the present state of a slot.

        Raises:
            InvalidOption: If there is no such slot.
            ResetNeeded: If there is no state yet.
            RenderError: If a view cannot be rendered, or the images are too large for a reply.
        """
        (slot,) = self._existing([slot])
        for view in views:
            check_view(view)
        _check_reply(views, 1)
        return self._simulations[slot].capture(views)

    def _objects(self, slots: Sequence[int]) -> tuple[tuple[ObjectEntry, ...], ...]:
        """What can be seen in slots, if it is not as the welcome said."""
        cameras = [self._simulations[slot].cameras for slot in slots]
        if self.task.templates or not all(each.shows_as_built for each in cameras):
            return tuple(each.objects for each in cameras)
        return ()

    def _attempt(
        self, do: Callable[..., Result], slots: Iterable[int], faults: dict[int, Fault],
        arguments: Iterable[tuple[Any, ...]] = repeat(()),
    ) -> dict[int, Result]:  # fmt: skip
        """Does something in some slots, one after the other.

        Args:
            do: A method of ``Simulation``.
            slots: Which.
            faults: Where those are added in which it fails.
            arguments: Of the method, for each slot.

        Returns:
            What came of it, by slot, where it did not fail.
        """
        done = {}
        for slot, own in zip(slots, arguments, strict=False):
            try:
                done[slot] = do(self._simulations[slot], *own)
            except CATCHABLE as error:
                faults[slot] = fault_of(error)
        return done

    def _existing(self, slots: Sequence[int]) -> Sequence[int]:
        if any(slot not in self._all for slot in slots) or len(set(slots)) < len(slots):
            raise InvalidOption(f"The request is for the slots {slots}; there are 0 to {len(self) - 1}, once each.")
        return slots

    def _reset_needed(self, slot: int) -> ResetNeeded:
        of_slot = f" of slot {slot}" if len(self) > 1 else ""
        return ResetNeeded(f"step(){of_slot} was called {self._simulations[slot].why_not_running}; call reset() first.")

    def _observations(
        self, rows: Sequence[Arrays], slots: Sequence[int], faults: dict[int, Fault]
    ) -> dict[str, NDArray[Any]]:
        """What the agents of some slots observe.

        Args:
            rows: The arrays of the state of each.
            slots: Which.
            faults: Where those are added whose numbers are not finite, or whose images fail; their rows are zero.
        """
        observations = {}
        for name in self._spaces:
            batch = observations[name] = _stacked([arrays[name] for arrays in rows])
            if batch.dtype.kind == "f" and not _is_finite(batch):
                self._stop_diverged(name, batch, slots, faults)
        if self._observed:
            observations |= self._images(slots, faults)
        if not faults:
            return observations
        return _without(observations, [row for row, slot in enumerate(slots) if slot in faults])

    def _stop_diverged(self, name: str, batch: NDArray[Any], slots: Sequence[int], faults: dict[int, Fault]) -> None:
        for row, slot in enumerate(slots):
            if not np.isfinite(batch[row]).all():
                faults[slot] = fault_of(self._simulations[slot].diverged(name, batch[row].copy()))

    def _images(self, slots: Sequence[int], faults: dict[int, Fault]) -> dict[str, NDArray[Any]]:
        rendered = [self._rendered(slot, faults) for slot in slots]
        return {name: _stacked([images[name] for images in rendered]) for name in rendered[0]}

    def _rendered(self, slot: int, faults: dict[int, Fault]) -> Arrays:
        if slot not in faults:
            try:
                return self._simulations[slot].observe(self._observed)
            except Exception as error:  # Blender's errors have no common base.
                self._simulations[slot].stop("after an image that failed")
                faults[slot] = fault_of(error)
        return {name: image for view in self._observed for name, image in view.blank().items()}


def load_slots(task: str, options: dict[str, Any], count: int, trust: bool = False, scene: str = "") -> Slots:
    """Simulations of one task, in a Blender that holds nothing else.

    Args:
        task: The task, as ``module:Class``.
        options: Keyword arguments of the task.
        count: How many.
        trust: Whether scripts and drivers of a ``.blend`` may run.
        scene: A ``.blend`` in place of the task's own scene; empty for that.
    """
    first = make_task(task, options)
    scenes = load_scenes(read_scene(scene) if scene else find_scene(first), count, trust)
    tasks = [first, *(make_task(task, options) for _ in range(count - 1))]
    return Slots(tasks, scenes, scene or str(first.scene))


def _stacked(rows: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """(rows, …); of one, the very array."""
    return rows[0][None] if len(rows) == 1 else np.array(rows)


def _without(observations: Arrays, failed: Sequence[int]) -> dict[str, NDArray[Any]]:
    """A copy in which some rows are zero."""
    copies = {name: batch.copy() for name, batch in observations.items()}
    for batch in copies.values():
        batch[failed] = 0
    return copies


def _is_finite(batch: NDArray[Any]) -> bool:
    """Whether all numbers are finite; of large ones, it may say no by mistake, for their sum may overflow."""
    # Python adds few numbers faster than NumPy.
    return math.isfinite(sum(batch.ravel().tolist()) if batch.size <= FEW_NUMBERS else batch.sum())


def _check_reply(views: Sequence[View], slots: int) -> None:
    needed = slots * sum(map(image_bytes, views))
    if needed > MAX_REPLY_BYTES - MAX_HEADER_BYTES:
        raise RenderError(
            f"The images of {slots} slots are {needed >> 20} MiB in each reply, which takes {MAX_REPLY_BYTES >> 20}. "
            "Ask for smaller images, or fewer views or passes, or spread the environments over more servers "
            "(num_servers=)."
        )
    if (count := sum(len(view.passes) for view in views)) > MOST_IMAGES:
        raise RenderError(f"{count} images are too many for one request, which takes {MOST_IMAGES}.")
