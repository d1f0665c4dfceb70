"""No source of the package runs code that comes from outside: in files, messages or arguments.

stable-baselines3 unpickles parts of the models that it loads; a model is a file of the user's own.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("blendgym", "envs", "scenes", "agents", "benchmarks")

MODULES = {"pickle", "cPickle", "_pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"}
"""Whatever they load, they can run."""

BUILTINS = {"eval", "exec", "compile", "__import__"}
METHODS = {
    "recv_pyobj", "send_pyobj", "unsafe_load", "unsafe_load_all", "full_load", "full_load_all", "read_pickle",
    "run_script", "as_module",
}  # fmt: skip
"""Those of ZeroMQ's sockets, yaml, pandas and the texts in a ``.blend``."""

SHELLS = {
    "os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput", "asyncio.create_subprocess_shell",
}  # fmt: skip

REQUIRED = {"numpy.load": ("allow_pickle", False), "torch.load": ("weights_only", True)}
"""Calls that are safe with an argument only, which has to be written out."""

MODULE_NAMES = {"np": "numpy", "th": "torch", "sp": "subprocess"}


def findings(source: str) -> list[str]:
    """What a source has that could run foreign code, by line."""
    tree = ast.parse(source)
    names = _imported_names(tree)
    return [
        f"line {node.lineno}: {reason}" for node in ast.walk(tree) for reason in _reasons(node, names)
    ]  # fmt: skip


def _imported_names(tree: ast.AST) -> dict[str, str]:
    """What the names in a source stand for, as dotted paths."""
    names = dict(MODULE_NAMES)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.asname: alias.name for alias in node.names if alias.asname}
        if isinstance(node, ast.ImportFrom):
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return names


def _reasons(node: ast.AST, names: dict[str, str]) -> list[str]:
    if isinstance(node, ast.Import):
        return [f"imports {alias.name}" for alias in node.names if alias.name.partition(".")[0] in MODULES]
    if isinstance(node, ast.ImportFrom):
        return [f"imports from {node.module}"] if (node.module or "").partition(".")[0] in MODULES else []
    if isinstance(node, ast.Attribute) and _dotted(node, names).partition(".")[0] == "builtins":
        return [f"uses {node.attr}"] if node.attr in BUILTINS else []
    if isinstance(node, ast.Name):
        return [f"uses {node.id}"] if node.id in BUILTINS else []
    if isinstance(node, ast.Call):
        return _reasons_of_call(node, names)
    return []


def _reasons_of_call(call: ast.Call, names: dict[str, str]) -> list[str]:
    path = _dotted(call.func, names)
    arguments = {keyword.arg: keyword.value for keyword in call.keywords}
    last, module = path.rpartition(".")[2], path.partition(".")[0]
    if last in METHODS or path in SHELLS or module in MODULES:
        return [f"calls {path}"]
    if (module == "builtins" and last in BUILTINS) or (last == "import_module" and _is_forbidden_name(call)):
        return [f"calls {path}"]
    if path in ("yaml.load", "yaml.load_all"):
        return [f"calls {path}; yaml.safe_load makes plain data"]
    if "shell" in arguments and not _is(arguments["shell"], False):
        return [f"calls {path} with a shell"]
    if _is(arguments.get("allow_pickle"), True):
        return [f"calls {path} with allow_pickle=True"]
    if path in REQUIRED:
        name, value = REQUIRED[path]
        return [] if _is(arguments.get(name), value) else [f"calls {path} without {name}={value}"]
    return []


def _is_forbidden_name(call: ast.Call) -> bool:
    first = call.args[0] if call.args else None
    return isinstance(first, ast.Constant) and str(first.value).partition(".")[0] in MODULES


def _is(node: ast.expr | None, value: bool) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


def _dotted(node: ast.expr, names: dict[str, str]) -> str:
    """A name or attribute as a dotted path, such as ``numpy.load``; of other expressions, the attributes alone."""
    if isinstance(node, ast.Name):
        return names.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value, names)}.{node.attr}"
    return ""


def sources() -> list[Path]:
    """Every source of the package."""
    return [path for name in PACKAGES for path in sorted((ROOT / name).rglob("*.py"))]


def test_all_parts_of_the_package_are_read():
    assert {path.relative_to(ROOT).parts[0] for path in sources()} == set(PACKAGES)
    assert len(sources()) > 80


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_source_runs_no_foreign_code(path):
    assert findings(path.read_text()) == []


@pytest.mark.parametrize(
    "source",
    [
        *(f"import {module}" for module in sorted(MODULES)),
        "import pickle as harmless",
        "from pickle import loads",
        "from joblib.externals import loky",
        "import importlib; importlib.import_module('pickle')",
        "__import__('pickle')",
        "eval('1')",
        "exec('pass')",
        "compile('1', '', 'eval')",
        "run = eval; run('1')",
        "import builtins; builtins.eval('1')",
        "import builtins; run = builtins.eval",
        "from builtins import eval as run; run('1')",
        "import yaml; yaml.load(text)",
        "import yaml; yaml.load(text, Loader=yaml.FullLoader)",
        "from yaml import load; load(text)",
        "import yaml; yaml.load_all(text)",
        "import yaml; yaml.unsafe_load(text)",
        "import yaml; yaml.full_load(text)",
        "import numpy as np; np.load(file)",
        "import numpy; numpy.load(file)",
        "from numpy import load; load(file)",
        "import numpy as np; np.load(file, allow_pickle=True)",
        "import numpy as np; np.load(file, allow_pickle=trust)",
        "import numpy.lib.format as f; f.read_array(file, allow_pickle=True)",
        "import torch; torch.load(file)",
        "import torch as th; th.load(file, weights_only=False)",
        "import subprocess; subprocess.run(line, shell=True)",
        "from subprocess import Popen; Popen(line, shell=shell)",
        "import subprocess; subprocess.getoutput(line)",
        "import os; os.system(line)",
        "from os import popen; popen(line)",
        "import asyncio; asyncio.create_subprocess_shell(line)",
        "import pandas; pandas.read_pickle(file)",
        "import bpy; bpy.ops.text.run_script()",
        "import bpy; bpy.data.texts[0].as_module()",
        "socket.recv_pyobj()",
        "self._socket.send_pyobj(thing)",
    ],
)
def test_what_runs_foreign_code_is_found(source):
    assert findings(source)


@pytest.mark.parametrize(
    "source",
    [
        "import re; re.compile('[a-z]')",
        "import yaml; yaml.safe_load(text)",
        "import numpy as np; np.load(file, allow_pickle=False)",
        "import torch; torch.load(file, weights_only=True)",
        "import subprocess; subprocess.run(['ls'])",
        "import json; json.load(file)",
        "model.eval()",
    ],
)
def test_what_only_looks_alike_is_let_through(source):
    assert not findings(source)
