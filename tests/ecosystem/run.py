"""Runs the programs of docs/frameworks.md, each with the real tool, and writes the versions that worked into the page.

    python tests/ecosystem/run.py [SECTION ...]

Each section has the commands of pip that make its environment, and a program. Environments are kept in
``.venv-ecosystem``, where blendgym is replaced by the one of this checkout; a folder that is removed is made anew.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/frameworks.md"
ENVIRONMENTS = ROOT / ".venv-ecosystem"
SECONDS = {"install": 1800, "program": 600}
TABLE = "## Versions"
SHOWN = ("gymnasium", "numpy", "torch", "bpy")
"""Columns of the table; beside them each row has what is installed for the tool alone."""

OF_BPY = {"cython", "requests", "zstandard"}
"""What bpy needs, where it is installed without."""


class Section(NamedTuple):
    """How one tool is installed and used.

    Args:
        tool: Its name.
        installs: Arguments of pip, for each time that it is called.
        program: Shows that the tool works.
    """

    tool: str
    installs: list[list[str]]
    program: str

    @property
    def python(self) -> Path:
        """The Python that has it."""
        return ENVIRONMENTS / re.sub(r"\W", "-", self.tool.lower()) / "bin/python"

    def install(self, wheel: Path) -> None:
        """Makes its environment, unless there is one, which gets the wheel of blendgym."""
        made = self.python.parents[1] / "made"
        if made.exists():
            self._pip("--no-deps", "--force-reinstall", str(wheel))
            return
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(self.python.parents[1])], check=True)
        for arguments in self.installs:
            self._pip(*(re.sub(r"^blendgym", str(wheel), argument) for argument in arguments))
        made.touch()

    def _pip(self, *arguments: str) -> None:
        pip = [str(self.python), "-m", "pip", "install", "--quiet", "--constraint", str(ROOT / "constraints.txt")]
        subprocess.run([*pip, *arguments], check=True, timeout=SECONDS["install"])

    def run(self) -> None:
        """Runs its program, as a user who has copied it would."""
        with tempfile.TemporaryDirectory(prefix="blendgym-ecosystem-") as folder:
            program = Path(folder, "program.py")
            program.write_text(self.program, encoding="utf-8")
            home = {"MINARI_DATASETS_PATH": folder, "OMP_NUM_THREADS": "1"}
            subprocess.run(
                [str(self.python), str(program)],
                check=True, cwd=folder, env={**os.environ, **home}, timeout=SECONDS["program"],
            )  # fmt: skip

    def versions(self) -> str:
        """The row of the table: what it was tried with."""
        listed = subprocess.run(
            [str(self.python), "-m", "pip", "list", "--format", "freeze"], check=True, capture_output=True, text=True
        )
        lines = [line.split("==") for line in listed.stdout.splitlines() if "==" in line]
        found = {name.replace("_", "-"): version for name, version in lines}
        named = {re.split(r"[\[<>=]", each)[0] for arguments in self.installs for each in arguments} | {self.tool}
        own = [f"{name} {found[name]}" for name in sorted(named & found.keys() - {"blendgym", *SHOWN, *OF_BPY})]
        others = [found.get(name, "—").partition("+")[0] for name in SHOWN]
        return f"| {self.tool} | {', '.join(own) or '—'} | {' | '.join(others)} |"


def sections() -> list[Section]:
    """All sections of the page that have a program."""
    found = []
    for text in PAGE.read_text().split("\n## ")[1:]:
        blocks = dict(re.findall(r"```(sh|python)\n(.*?)```", text, re.DOTALL))
        if "python" in blocks:
            installs = [shlex.split(line, comments=True)[2:] for line in blocks["sh"].splitlines()]
            found.append(Section(text.partition("\n")[0], installs, blocks["python"]))
    return found


def built(folder: Path) -> Path:
    """A wheel of this checkout, without what setuptools has kept of another one."""
    shutil.rmtree(ROOT / "build" / "lib", ignore_errors=True)
    wheel = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(wheel, check=True, timeout=SECONDS["install"])
    return next(folder.glob("*.whl"))


def write_row(tool: str, row: str) -> None:
    """Puts the row of a tool into the table at the end of the page; those of others stay."""
    before, _, table = PAGE.read_text().partition(f"{TABLE}\n")
    rows = {line.split("|")[1].strip(): line for line in table.splitlines() if line.startswith("| ")} | {tool: row}
    kept = [rows[section.tool] for section in sections() if section.tool in rows]
    head = [f"| tool | versions | {' | '.join(SHOWN)} |", "|---" * (2 + len(SHOWN)) + "|"]
    PAGE.write_text(before + "\n".join([TABLE, "", *head, *kept]) + "\n")


def main(chosen: list[str]) -> int:
    """Runs some sections, or all; says which failed, and how many."""
    with tempfile.TemporaryDirectory(prefix="blendgym-wheel-") as folder:
        return run_all([each for each in sections() if not chosen or each.tool in chosen], built(Path(folder)))


def run_all(chosen: list[Section], wheel: Path) -> int:
    """Runs sections with the blendgym of a wheel; says which failed, and how many."""
    passed, failed = 0, []
    for section in chosen:
        print(f"=== {section.tool}", flush=True)
        try:
            section.install(wheel)
            section.run()
            write_row(section.tool, section.versions())
            passed += 1
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            failed.append(section.tool)
            print(f"{section.tool} failed: {error}", file=sys.stderr, flush=True)
    print(f"{passed} passed, {len(failed)} failed")
    return len(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
