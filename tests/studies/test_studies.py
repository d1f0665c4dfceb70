"""Studies: declared, carried out, interrupted, gone on with, and judged."""

from __future__ import annotations

import csv
import shutil

import msgspec
import numpy as np
import pytest
from small_studies import PENDULUM, SIZES, run_of, study_of

from blendgym.errors import InvalidOption, InvalidParameter, InvalidStudy, TeacherNotFound
from blendgym.studies.arms import make_arm
from blendgym.studies.claims import Claim
from blendgym.studies.comparison import carry_out
from blendgym.studies.exams import HARD_DEV, HARD_TEST, UNIFORM, Sizes, make_exam
from blendgym.studies.feasibility import certified
from blendgym.studies.files import read_state, write_arrays, write_state, write_struct
from blendgym.studies.results import AREA, Arm, Outcome, headroom_of, judge, load_outcome, metrics
from blendgym.studies.runs import execute, record_of, results_of
from blendgym.studies.study import Rules, StudyFolder
from blendgym.studies.worker import STUDENTS
from blendgym.studies.workers import Processes, run_all


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A study that was carried out with one process."""
    folder = StudyFolder(tmp_path_factory.mktemp("study"))
    carry_out(folder, study_of("none", references=3, arms=("uniform", "none", "oracle50")), processes=1)
    return folder


def contents(folder):
    return {file: file.read_bytes() for file in sorted(folder.path.rglob("results.npz"))}


def test_a_study_leaves_exam_runs_and_tables(finished):
    study = finished.study
    assert [record_of(job.folder).status for job in finished.jobs(study)] == ["finished"] * 6
    with finished.summary.open() as file:
        rows = list(csv.DictReader(file))
    assert {row["arm"] for row in rows} == {"uniform", "none", "oracle50"}
    assert {row["runs"] for row in rows} == {"2"}
    with finished.results.open() as file:
        steps = {int(row["steps"]) for row in csv.DictReader(file)}
    assert len(steps) == 4


def test_results_do_not_depend_on_the_number_of_processes(finished, tmp_path):
    again = StudyFolder(tmp_path)
    carry_out(again, finished.study, processes=2)
    assert again.exam.read_bytes() == finished.exam.read_bytes()
    before, after = contents(finished), contents(again)
    assert len(before) == 9
    assert list(after.values()) == list(before.values())


def test_all_arms_are_charged_alike_and_examined_at_the_same_steps(finished):
    outcome = load_outcome(finished)
    (first, *others) = (arm.steps.tolist() for arm in outcome.arms)
    assert all(steps == first for steps in others)
    assert first[-1] >= finished.study.steps


def test_what_is_finished_is_kept_and_what_is_not_begins_again(finished, tmp_path):
    folder = StudyFolder(tmp_path / "copy")
    shutil.copytree(finished.path, folder.path)
    kept, interrupted = folder.jobs(folder.study)[:2]
    expected = contents(folder)
    record = record_of(interrupted.folder)
    (interrupted.folder / "run.json").write_bytes(
        msgspec.json.encode(msgspec.structs.replace(record, status="running"))
    )
    (interrupted.folder / "results.npz").write_bytes(b"half of")
    (interrupted.folder / ".results.npz.1").write_bytes(b"half of")
    untouched = (kept.folder / "run.json").stat().st_mtime_ns
    carry_out(folder, folder.study, processes=1)
    assert (kept.folder / "run.json").stat().st_mtime_ns == untouched
    assert contents(folder) == expected


def test_curricula_are_means_over_the_runs_that_came_so_far(finished, tmp_path):
    folder = StudyFolder(tmp_path / "copy")
    shutil.copytree(finished.path, folder.path)
    short, whole = (results_of(job.folder) for job in folder.jobs(folder.study) if job.arm == "uniform")
    changed = {"played": short.played[:2], "played_steps": short.played_steps[:2]}
    run = run_of(folder, "uniform")
    record = record_of(run)
    write_arrays(run / "results.npz", **(msgspec.structs.asdict(short) | changed))
    write_struct(run / "run.json", msgspec.structs.replace(record, checksums={}))
    arm = load_outcome(folder).arm("uniform")
    assert arm.played_steps.tolist() == whole.played_steps.tolist()
    assert arm.played[:2] == pytest.approx((short.played[:2] + whole.played[:2]) / 2)
    assert arm.played[2:].tolist() == whole.played[2:].tolist()


def test_a_study_can_sit_the_exam_of_another_one(finished, tmp_path):
    folder, other = StudyFolder(tmp_path / "study"), tmp_path / "other.json"
    study = study_of("oracle50", seeds=(7,))
    _, verdicts = carry_out(folder, study, 1, finished.exam)
    assert folder.exam.read_bytes() == finished.exam.read_bytes()
    assert HARD_TEST in {verdict.metric for verdict in verdicts}
    carry_out(folder, study, 1, finished.exam)
    make_exam(study.env_id, study.ranges, study.exam, seed=1).save(other)
    with pytest.raises(InvalidStudy, match="another exam"):
        carry_out(folder, study, 1, other)
    make_exam(study.env_id, {"gravity": (5.0, 15.0)}, study.exam, seed=0).save(other)
    with pytest.raises(InvalidStudy, match="in the ranges"):
        carry_out(StudyFolder(tmp_path / "elsewhere"), study, 1, other)
    assert not (tmp_path / "elsewhere").exists()


def test_another_study_in_the_same_folder_is_refused(finished):
    other = msgspec.structs.replace(finished.study, seeds=(5,))
    with pytest.raises(InvalidStudy, match="another study"):
        carry_out(finished, other, processes=1)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ranges": {}}, "randomizes nothing"),
        ({"arms": ("none",)}, "'uniform' among them"),
        ({"arms": ("uniform", "uniform")}, "no two whose files would have the same name"),
        ({"seeds": ()}, "seeds"),
        ({"seeds": (1, 1)}, "seeds"),
        ({"checkpoints": 2}, "checkpoints"),
        ({"portion": 0}, "portions"),
        ({"references": -1}, "references"),
        ({"rules": Rules(confidence=7.0)}, r"rules: .* < 1.0 - at `\$.confidence`"),
        ({"rules": Rules(worst=0.0)}, r"> 0.0 - at `\$.worst`"),
        ({"rules": Rules(significance="often")}, r"Expected `float`, got `str` - at `\$.significance`"),
        ({"rules": Rules(resamples=0)}, r">= 1 - at `\$.resamples`"),
        ({"rules": Rules(hardest=(0, 4))}, r">= 1 - at `\$.hardest"),
        ({"exam": Sizes(uniform=0)}, r">= 1 - at `\$.uniform`"),
        ({"exam": Sizes(hard=-3)}, r">= 0 - at `\$.hard`"),
        ({"claims": (Claim(arm="uniform", against="uniform", metric="edges", ratio=-1.0),)}, r">= 0.0 - at `\$.ratio`"),
    ],
)
def test_a_study_that_makes_no_sense_is_refused(changes, message):
    with pytest.raises(InvalidStudy, match=message):
        study_of(**changes)


@pytest.mark.parametrize(
    ("declared", "nonsense", "told"),
    [
        ('"confidence": 0.95', '"confidence": 7', "study.json is no study: .*confidence"),
        ('"uniform": 24', '"uniform": -24', "study.json is no study: .*uniform"),
        ('"resamples": 100', '"resamples": 100, "hardest": [4, 1]', "rules.hardest is 4 to 1 .* put the fewest first"),
    ],
)
def test_a_file_that_declares_nonsense_is_refused_by_name(finished, declared, nonsense, told, tmp_path):
    text = finished.declaration.read_text()
    assert declared in text
    (tmp_path / "study.json").write_text(text.replace(declared, nonsense))
    with pytest.raises(InvalidStudy, match=told):
        _ = StudyFolder(tmp_path).study


@pytest.mark.parametrize("span", [(5.0, 4.0), (0.0, 9.0), (float("nan"), 9.0)])
def test_ranges_that_are_inverted_or_beyond_the_declaration_are_refused(span):
    with pytest.raises(InvalidParameter):
        study_of(ranges={"gravity": span})


def test_unknown_parameters_environments_and_students_are_refused():
    with pytest.raises(InvalidParameter, match="gravity"):
        study_of(ranges={"gravty": (5.0, 9.0)})
    with pytest.raises(InvalidOption, match="no environment"):
        study_of(env_id="BlendNothing-v0")
    with pytest.raises(InvalidOption, match="no student 'sarsa'"):
        study_of(student="sarsa")


def test_what_a_student_is_told_besides_is_declared_and_reaches_every_run(tmp_path):
    folder = StudyFolder(tmp_path)
    hopeless = study_of(seeds=(0,), references=1, student_options={"unlearnable": 300})
    carry_out(folder, hopeless, processes=1)
    assert folder.study.student_options == {"unlearnable": 300}
    for job in folder.references(hopeless) + folder.jobs(hopeless):
        assert not results_of(job.folder).scores.any()
    with pytest.raises(InvalidStudy, match="another study"):
        carry_out(folder, study_of(seeds=(0,), references=1), processes=1)


def test_what_a_student_does_not_take_is_said_by_the_first_run(tmp_path):
    study = study_of(references=1, student_options={"histroy": 8})
    with pytest.raises(InvalidStudy, match=r"'field' does not take the options .*histroy"):
        carry_out(StudyFolder(tmp_path), study, processes=1)


def test_an_unknown_arm_is_refused_before_any_run(tmp_path):
    with pytest.raises(TeacherNotFound):
        carry_out(StudyFolder(tmp_path), study_of("adrr"), processes=1)
    assert not list(tmp_path.iterdir())


def test_a_study_file_with_a_typo_is_refused(finished, tmp_path):
    (tmp_path / "study.json").write_text(finished.declaration.read_text().replace('"steps"', '"stepps"'))
    with pytest.raises(InvalidStudy, match="stepps"):
        _ = StudyFolder(tmp_path).study


def test_without_randomization_all_tasks_are_nominal(finished):
    study, exam = finished.study, load_outcome(finished).exam
    tasks = make_arm("none", study.parameters, exam).sample(np.random.default_rng(0), 20)
    assert (study.parameters.from_unit(tasks.unit) == [9.81, 0.0]).all()


def test_the_oracle_trains_on_certified_hard_questions_half_of_the_time_and_never_on_the_test(finished):
    study = finished.study
    hard = np.random.default_rng(0).random((12, 2))
    exam = make_exam(study.env_id, study.ranges, study.exam, 0, hard)
    winner = type("Winner", (), {"evaluate": lambda self, unit, seed: Won(np.arange(len(unit)) % 2 == 0)})()
    exam = certified(exam, [("someone", winner)])
    dev = exam.section(HARD_DEV)
    wins = study.parameters.to_unit(np.array(dev.values)[dev.certified])
    lost = study.parameters.to_unit(np.array(dev.values)[~dev.certified])
    test = study.parameters.to_unit(np.array(exam.section(HARD_TEST).values))
    unit = make_arm("oracle50", study.parameters, exam).sample(np.random.default_rng(1), 4000).unit

    def share_of(places):
        return (np.abs(unit[:, None] - places) < 1e-12).all(axis=2).any(axis=1).mean()

    assert share_of(wins) == pytest.approx(0.5, abs=0.03)
    assert share_of(lost) == share_of(test) == 0.0
    unit = make_arm("oracle80", study.parameters, exam).sample(np.random.default_rng(1), 4000).unit
    assert share_of(wins) == pytest.approx(0.8, abs=0.03)


class Won:
    """Episodes of which only the outcome is known."""

    def __init__(self, successes):
        self.successes = successes


def test_an_oracle_without_hard_questions_is_refused(finished):
    exam = make_exam(PENDULUM, finished.study.ranges, SIZES, seed=0)
    with pytest.raises(InvalidOption, match="'oracle80' trains on questions of the section 'hard"):
        make_arm("oracle80", finished.study.parameters, exam)


def test_an_arm_has_arguments_of_its_own(finished):
    parameters = finished.study.parameters
    arm = make_arm("frontier,target=0.5,sharpness=2,uniform_share=0.4", parameters)
    assert (arm.share, arm.teacher.target, arm.teacher.sharpness) == (0.4, 0.5, 2)
    arm = make_arm("learnability,share=0.8", parameters)
    assert (arm.share, arm.teacher.share) == (0.2, 0.8)


@pytest.mark.parametrize(
    ("arm", "message"),
    [
        ("frontier,aim=0.5", "Teacher 'frontier' does not take these arguments: .*'aim'"),
        ("plr,0.5", "The arm 'plr' takes name=value, got '0.5'"),
        ("frontier,target=2", "target of the pass rate is 2; expected a number from 0.01 to 0.99"),
        (
            "learnability,share=much",
            "tasks that are chosen by weight is 'much'; expected a number from 0 to 1",
        ),
        ("adr,uniform_share=-1", "share of uniform tasks is -1; expected a number from 0 to 1"),
    ],
)
def test_arguments_that_an_arm_does_not_take_are_refused(arm, message, finished):
    with pytest.raises(InvalidOption, match=message):
        make_arm(arm, finished.study.parameters)


def hand_made(*successes_of_arms, checkpoints=4):
    """An outcome in which each arm has runs that master all questions at some checkpoints."""
    study = study_of("none", "oracle50")
    exam = make_exam(PENDULUM, study.ranges, SIZES, 0, np.random.default_rng(0).random((8, 2)))
    won = type("Winner", (), {"evaluate": lambda self, unit, seed: Won(np.ones(len(unit), bool))})()
    exam = certified(exam, [("someone", won)])
    arms = []
    for name, runs in zip(("uniform", "none", "oracle50"), successes_of_arms, strict=False):
        successes = np.repeat(np.array(runs, bool)[:, :, None], len(exam.unit), axis=2)
        arms.append(
            Arm(name, list(range(len(runs))), np.arange(1, checkpoints + 1) * 100, successes, successes.astype(float),
                np.arange(3), np.zeros((3, 5, 2)))
        )  # fmt: skip
    return Outcome(study, exam, arms, [])


def test_the_final_score_is_the_mean_of_the_last_three_checkpoints():
    outcome = hand_made([[1, 0, 0, 1], [0, 1, 1, 1]])
    assert metrics(outcome.arms[0], outcome.exam, Rules())[UNIFORM] == pytest.approx([1 / 3, 1.0])


def test_the_area_under_the_curve_is_taken_over_all_checkpoints():
    outcome = hand_made([[1, 0, 0, 1]])
    assert metrics(outcome.arms[0], outcome.exam, Rules())[AREA + UNIFORM] == pytest.approx([1 / 3])


def test_the_worst_fifth_is_of_uniform_questions_that_are_known_to_be_feasible():
    outcome = hand_made([[1, 1, 1, 1]])
    arm, rows = outcome.arms[0], outcome.exam.rows[UNIFORM]
    every_other = type("Winner", (), {"evaluate": lambda self, unit, seed: Won(np.arange(len(unit)) % 2 == 0)})()
    bare = make_exam(PENDULUM, outcome.study.ranges, SIZES, 0)
    exam = certified(bare, [("someone", every_other)])
    scores = np.zeros((1, 4, len(exam.unit)))
    scores[:, :, rows] = np.arange(24) / 24  # 12 of them feasible: 0, 2, 4 … 22, of which a fifth are 2.4
    found = metrics(arm._replace(scores=scores), exam, Rules())["worst 20% of uniform"]
    assert found == pytest.approx([(0 + 2 + 0.4 * 4) / 2.4 / 24])


def test_regret_and_headroom_are_measured_on_the_hard_test():
    outcome = hand_made([[0, 0, 0, 1], [0, 0, 0, 1]], [[0, 0, 0, 0]] * 2, [[1, 1, 1, 1]] * 2)
    verdicts = judge(outcome)
    of = {(verdict.arm, verdict.metric): verdict for verdict in verdicts}
    assert of["uniform", HARD_TEST].regret == pytest.approx(2 / 3)
    assert of["oracle50", HARD_TEST].regret == 0.0
    assert of["none", HARD_TEST].improvement.estimate == 0.0
    assert of["oracle50", HARD_TEST].improvement.estimate == 1.0
    assert headroom_of(verdicts) == (pytest.approx(2 / 3), 0.0)


def test_headroom_needs_an_oracle():
    with pytest.raises(InvalidStudy, match="oracle50"):
        headroom_of(judge(hand_made([[0, 0, 0, 1]])))


def test_holm_corrects_for_the_number_of_arms():
    rng = np.random.default_rng(0)
    runs = rng.random((3, 12, 4)) < np.array([0.3, 0.45, 0.6])[:, None, None]
    three, two = judge(hand_made(*runs)), judge(hand_made(*runs[:2]))

    def p_value(verdicts):
        return next(v.p_value for v in verdicts if (v.arm, v.metric) == ("none", UNIFORM))

    assert p_value(two) <= p_value(three) <= 2 * p_value(two)


def test_a_state_comes_back_from_its_file_as_it_was(tmp_path):
    state = {
        "steps": 3, "generator": np.random.default_rng(0).bit_generator.state, "name": "x", "ratio": 0.1, "flag": True,
        "layers": [np.arange(3.0), {"bias": np.ones((2, 2), np.float32)}], "nothing": None, "scalar": np.float64(2.5),
    }  # fmt: skip
    write_state(tmp_path / "state.npz", state)
    back = read_state(tmp_path / "state.npz")
    assert back["generator"] == state["generator"]
    assert back["layers"][1]["bias"].dtype == np.float32
    assert (back["layers"][0] == state["layers"][0]).all()
    assert {key: back[key] for key in ("steps", "name", "ratio", "flag", "nothing", "scalar")} == {
        "steps": 3, "name": "x", "ratio": 0.1, "flag": True, "nothing": None, "scalar": 2.5,
    }  # fmt: skip


def test_a_run_that_was_done_is_not_done_again(finished):
    over = []
    run_all(
        finished.jobs(finished.study),
        Processes(STUDENTS, 2),
        finished.log,
        lambda job, steps: pytest.fail("began"),
        over.append,
    )
    assert len(over) == 6


def test_curricula_are_those_of_the_ranges_of_training(finished):
    played = {job.arm: results_of(job.folder).played for job in finished.jobs(finished.study)}
    nominal = finished.study.parameters.nominal_unit
    assert played["none"] == pytest.approx(np.broadcast_to(nominal, played["none"].shape))
    lowest_and_highest = played["uniform"][:, [0, -1]].mean(axis=0)
    assert lowest_and_highest == pytest.approx(np.array([[0.05, 0.05], [0.95, 0.95]]), abs=0.08)


def test_exams_change_nothing_of_the_training_whose_progress_is_told_in_charged_steps(tmp_path):
    results = []
    for checkpoints in (2, 4):
        folder, told = StudyFolder(tmp_path / f"{checkpoints}"), []
        study = study_of("learnability", steps=25_600, checkpoints=checkpoints, rules=Rules(final_checkpoints=1))
        folder.declare(study)
        make_exam(study.env_id, study.ranges, study.exam, seed=0).save(folder.exam)
        job = next(job for job in folder.jobs(study) if job.arm == "learnability")
        execute(job, told.append)
        assert told == [6_400, 12_800, 19_200, 25_600]
        results.append(results_of(job.folder))
    few, many = results
    assert (len(few.steps), len(many.steps)) == (2, 4)
    np.testing.assert_array_equal(few.played, many.played)
    np.testing.assert_array_equal(few.scores, many.scores[[1, 3]])
