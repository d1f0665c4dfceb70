"""The site has every page, each leads to pages that are there, and the reference describes what is public."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest
from build_site import assemble, dangling, unlisted

ROOT = Path(__file__).parents[2]
NAMES = [
    name for page in tomllib.loads((ROOT / "docs/site/reference.toml").read_text()).values() for name in page["names"]
]
PACKAGES = ["agents", "data", "marks", "parameters", "teachers", "testing"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="module")
def listed(folder):
    return assemble(folder)


def test_every_page_is_in_the_navigation(listed):
    assert {"README.md", "docs/training.md", "envs/cartpole/README.md", "gallery.md", "reference/errors.md"} <= listed
    assert unlisted(listed) == []
    assert unlisted({"docs/forgotten.md"}) == ["docs/forgotten.md is in no group of nav in docs/site/zensical.toml."]


def test_every_link_of_the_site_leads_to_a_page_or_a_picture(folder, listed, tmp_path):
    assert dangling(folder, listed) == []
    (tmp_path / "a.md").write_text("![A](images/b.png), [itself](a.md#heading), [far away](https://example.org)")
    assert dangling(tmp_path, {"a.md"}) == ["a.md leads to images/b.png, which is not there."]


def test_sources_that_pages_link_are_shown(folder, listed):
    assert "def main" in (folder / "sources/examples/first_steps.py.md").read_text()
    assert "class Door" in (folder / "sources/examples/door.md").read_text()


def definitions(path):
    return {
        node.name: node for node in ast.parse(path.read_text()).body if isinstance(node, ast.ClassDef | ast.FunctionDef)
    }


def found(name):
    """The syntax tree of a module, class or function, by its dotted name."""
    path = ROOT / name.replace(".", "/")
    for file in (path.with_suffix(".py"), path / "__init__.py"):
        if file.exists():
            return ast.parse(file.read_text())
    module, _, last = name.rpartition(".")
    path = ROOT / module.replace(".", "/")
    return definitions(path / "__init__.py" if path.is_dir() else path.with_suffix(".py"))[last]


@pytest.mark.parametrize("name", NAMES)
def test_what_the_reference_names_is_there_and_says_what_it_is(name):
    assert ast.get_docstring(found(name))


@pytest.mark.parametrize("package", PACKAGES)
def test_what_a_package_offers_is_in_the_reference(package):
    source = (ROOT / "blendgym" / package / "__init__.py").read_text()
    (offered,) = re.findall(r"^__all__ = \[(.*?)\]", source, re.MULTILINE | re.DOTALL)
    described = {name.rpartition(".")[2] for name in NAMES}
    for name in NAMES:
        described |= {each.name for each in ast.iter_child_nodes(found(name)) if hasattr(each, "name")}
    assert {name for name in re.findall(r'"(\w+)"', offered) if not name.isupper()} <= described
