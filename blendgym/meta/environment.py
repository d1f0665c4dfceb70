"""``BlendAdaptiveDR-v0``: an environment whose actions are randomization parameters."""

from __future__ import annotations

import copy
import functools
from collections.abc import Mapping
from typing import Any, ClassVar

import gymnasium as gym
import numpy as np
from gymnasium.spaces import Box
from numpy.typing import NDArray

from blendgym.agents.students.making import WITH_TWINS, make_student, require_student
from blendgym.agents.students.student import Student
from blendgym.checks import check_choice, check_counts, check_dicts, check_switches
from blendgym.errors import BlendgymError, InvalidOption, ResetNeeded, UnknownArgument
from blendgym.meta.actions import action_option, checked_action
from blendgym.meta.families import FEWEST, field_options, relative
from blendgym.meta.life import Life, StudentMaker
from blendgym.parameters import ParameterSpace
from blendgym.parameters.selection import Selection, select
from blendgym.parameters.specs import PHYSICAL
from blendgym.registry import environment_spec
from blendgym.task import task_class
from blendgym.teachers.plain_states import UNREADABLE

Vector = NDArray[np.float32]

SOLVED = 0.98
"""Score of the probe that ends an episode."""

STARTS = ("nominal", "uniform")


class AdaptiveDR(gym.Env[Vector, Any]):
    """Learn to randomize: teach a student that is robust everywhere, within a budget of environment steps.

    ## Description

    An episode is the training of one student, from its random initial policy on. A step sets the distribution of the
    randomization parameters, lets the student train under it (mixed with one fifth of uniform tasks, unless actions
    say how many) for ``steps_per_action`` environment steps, and looks at how it did.

    ## Action space

    For d randomized parameters, each as a share of its prior's range:

    | `action=` | Space | Meaning |
    |---|---|---|
    | `"bounds"` (default) | `Box(-1, 1, (2 d,))` | Change of [low, high] of each, at most 0.1; width at least 0.02 |
    | `"teacher"` | `Discrete(4)` | Who proposes: uniform, fixed schedule, ADR, learnability |
    | `"point"` | `Box(-1, 1, (d,))` | The next task |
    | `"acquisition"` | `Box(-1, 1, (3,))` | Target, sharpness and share of the teacher `"frontier"`; 0 is its recipe |

    ## Observation space

    `Box(-1, 1, (18 d + 6,), float32)`: for each parameter a row of `PARAMETER_FEATURES`, then `GLOBAL_FEATURES`; both
    lists are in `blendgym.meta.observations`, and `Observation.from_flat` takes a vector apart. The last reward is not
    among them: it comes from the probe, which does not exist where a learned teacher is used.

    With `action="acquisition"` it is `Box(-1, 1, (8,), float32)`, whatever is randomized: `ACQUISITION_FEATURES` of
    `blendgym.meta.steered_acquisition`. So one policy fits any task.

    ## Rewards

    By how much the score of the probe has risen. The score is half the mean and half the conditional value at risk
    (20%) of the student's scores on 128 tasks all over the cube, drawn anew for each episode. So rewards add up to the
    final score less the initial one, and forgetting followed by relearning gains nothing.

    ## Episode end

    Terminates when the score of the probe reaches 0.98. Truncates when the student has used up its budget,
    ``steps_per_action`` × ``actions_per_episode`` environment steps, or cannot go on: then `info["failure"]` has the
    code and the message of the error.

    ## Reset options

    * `start`: `"nominal"` (default), where the distribution begins at the nominal values, or `"uniform"`, where it
      begins with the whole range. A frontier begins with the whole range in any case.

    Args:
        task: Id of the environment that the student learns.
        student: Name of a student, or what makes one from parameters and a seed.
        twin: Whether it learns in the environment's NumPy twin, and not in Blender; ``None`` if there is one, and it is
            not the student ``"sb3"``.
        action: What actions do.
        randomize: What is randomized, as ``BlendEnv`` takes it: groups, names, or bounds by name.
        family: Whether each episode draws number, choice, order and ranges of the parameters anew, and of the student
            ``"field"`` the holes, too, so that teachers which are learned here fit others. The spaces have room for all
            parameters; what is not there is 0 in observations, and actions on it do nothing.
        steps_per_action: Environment steps of the student in one step.
        actions_per_episode: How many steps the budget is enough for.
        student_arguments: Further ones of the student.
        render_mode: ``"rgb_array"`` for a figure of the distribution and of the pass rates over the episode.

    Raises:
        InvalidOption: If one of these is not as described.
        UnknownArgument: If there is another one.
        InvalidParameter: If a parameter is unknown.
    """

    metadata: ClassVar[dict[str, Any]] = {"render_modes": ["rgb_array"], "render_fps": 5}  # type: ignore[misc]

    def __init__(
        self,
        task: str = "BlendCartpole-v0",
        student: str | StudentMaker = "ars",
        *,
        twin: bool | None = None,
        action: str = "bounds",
        randomize: Selection = PHYSICAL,
        family: bool = False,
        steps_per_action: int = 10_000,
        actions_per_episode: int = 40,
        student_arguments: Mapping[str, Any] | None = None,
        render_mode: str | None = None,
        **others: Any,
    ) -> None:
        _refuse(others)
        check_switches(twin=twin, family=family)
        check_dicts(student_arguments=student_arguments)
        check_counts(actions_per_episode=actions_per_episode, steps_per_action=steps_per_action)
        self.parameters = _randomized(task, randomize, FEWEST if family else 1)
        self._make_student = _student_maker(student, task, twin, family, dict(student_arguments or {}))
        self._option = action_option(action)
        self._family = family
        self.actions_per_episode, self._steps_per_action = actions_per_episode, steps_per_action
        self._budget = steps_per_action * actions_per_episode
        check_choice("render_mode", render_mode, (None, *self.metadata["render_modes"]))
        self.render_mode = render_mode
        self.action_space = self._option.action_space(len(self.parameters))
        self.observation_space = Box(-1.0, 1.0, (self._option.observation_size(len(self.parameters)),), np.float32)
        self._life: Life | None = None
        self._uniform_start = False
        self._over = True

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Vector, dict[str, Any]]:
        """Begins the life of a new student.

        Args:
            seed: The seed of everything that is random about this episode and the next ones.
            options: ``start``, as described above.
        """
        uniform_start = _start(options) == "uniform"
        super().reset(seed=seed)
        self._begin(int(self.np_random.integers(2**63)), uniform_start)
        return self._observation(), self._info()

    def step(self, action: Any) -> tuple[Vector, float, bool, bool, dict[str, Any]]:
        """Sets the distribution, and lets the student train.

        Raises:
            InvalidAction: If it is not an element of the action space; nothing has changed then.
            ResetNeeded: If there is no episode.
        """
        checked = checked_action(self.action_space, action)
        life = self._current()
        try:
            gain = life.train(checked, self._steps_per_action)
        except BlendgymError as error:
            self._over = True
            failure = {"failure": {"code": error.code, "message": str(error)}}
            return self._observation(), 0.0, False, True, self._info() | failure
        terminated = life.score >= SOLVED
        truncated = not terminated and life.budget_left == 0.0
        self._over = terminated or truncated
        return self._observation(), gain, terminated, truncated, self._info()

    def render(self) -> NDArray[np.uint8] | None:
        """The episode so far: what the distribution was over time, and where the student passed."""
        if self.render_mode is None:
            return None
        if self._life is None:
            raise ResetNeeded("There is no episode to draw; call reset() first.")
        from blendgym.meta.rendering import drawn

        return drawn(self._life.history)

    def snapshot(self) -> dict[str, Any]:
        """The whole state of the episode: ``restore`` goes on from it exactly, as often as one likes.

        Raises:
            ResetNeeded: If there is no episode.
        """
        life = self._current()
        return {
            "key": life.key,
            "uniform_start": self._uniform_start,
            "generator": copy.deepcopy(self.np_random.bit_generator.state),
            "life": life.state_dict(),
        }

    def restore(self, snapshot: dict[str, Any]) -> tuple[Vector, dict[str, Any]]:
        """Takes back what ``snapshot`` gave, here or in another environment that was made with the same arguments.

        Raises:
            InvalidOption: If it is something else; there is no episode then.
        """
        try:
            self._begin(snapshot["key"], snapshot["uniform_start"])
            self._current().load_state_dict(snapshot["life"])
            self.np_random.bit_generator.state = copy.deepcopy(snapshot["generator"])
        except (*UNREADABLE, RuntimeError) as error:
            self.close()
            raise InvalidOption(
                f"This is no snapshot of an environment with these arguments: {error!r:.200}. Call reset()."
            ) from error
        return self._observation(), self._info()

    def close(self) -> None:
        """Ends what the student has started."""
        if self._life is not None:
            self._life.student.close()
        self._life, self._over = None, True

    def _begin(self, key: int, uniform_start: bool) -> None:
        self.close()
        parameters = relative(self.parameters, key) if self._family else self.parameters
        teacher = self._option.begin(parameters, uniform_start)
        self._life = Life(key, parameters, self._make_student, teacher, self._budget)
        self._uniform_start, self._over = uniform_start, False

    def _current(self) -> Life:
        if self._life is None or self._over:
            raise ResetNeeded("There is no episode, or it is over; call reset() first.")
        return self._life

    def _observation(self) -> Vector:
        assert self._life is not None  # noqa: S101  # only asked for within an episode
        return self._life.observation(len(self.parameters))

    def _info(self) -> dict[str, Any]:
        assert self._life is not None  # noqa: S101
        low, high = self._life.teacher.bounds
        return {
            "parameters": self._life.history.names,
            "low": low.copy(),
            "high": high.copy(),
            "charged_steps": self._life.student.charged_steps,
            "score": self._life.score,
        }


def _refuse(others: Mapping[str, Any]) -> None:
    if others:
        raise UnknownArgument(
            f"The meta-environment does not take {', '.join(others)}. What is for the environments of its student, "
            "such as execute= and num_servers=, goes into student_arguments=."
        )


def _randomized(task: str, randomize: Selection, fewest: int) -> ParameterSpace:
    chosen = select(task_class(environment_spec(task).kwargs["task"]).parameters, randomize)
    if len(chosen) < fewest:
        raise InvalidOption(f"randomize chooses the parameters {list(chosen)}; expected at least {fewest}.")
    return chosen


def _student_maker(
    student: str | StudentMaker, task: str, twin: bool | None, family: bool, arguments: dict[str, Any]
) -> StudentMaker:
    if callable(student):
        return student
    require_student(student)
    if student == "sb3" and twin:
        raise InvalidOption("student='sb3' does not go with twin=True: stable-baselines3 learns in Blender.")
    chosen = {"twin": twin} if student in WITH_TWINS else {}
    is_drawn = family and student == "field"
    return functools.partial(_make_student, student, task, {**chosen, **arguments}, is_drawn)


def _make_student(
    student: str, task: str, arguments: dict[str, Any], is_drawn: bool, parameters: ParameterSpace, seed: int
) -> Student:
    """Makes a student; a field of a family has options that are drawn with its seed."""
    drawn = field_options(seed) if is_drawn else {}
    return make_student(student, task, parameters, seed, **(drawn | arguments))


def _start(options: Mapping[str, Any] | None) -> str:
    check_dicts(options=options)
    if unknown := set(options or {}) - {"start"}:
        raise InvalidOption(f"Reset options {sorted(unknown)} are unknown; there is 'start'.")
    start = (options or {}).get("start", STARTS[0])
    check_choice("start", start, STARTS)
    return str(start)
