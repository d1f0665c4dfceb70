"""The word that says where work is done, and what is said when that cannot be."""

from __future__ import annotations

import re
import socketserver
import sys
import threading

import gymnasium as gym
import pytest
from small_studies import study_of

from blendgym.errors import ClusterNotFound, ExtraMissing, InvalidOption
from blendgym.execute.cluster import find_cluster
from blendgym.studies.comparison import carry_out
from blendgym.studies.study import StudyFolder


def test_local_is_no_cluster():
    assert find_cluster("local") is None


@pytest.mark.parametrize(
    "word",
    [
        "slurm", "", "ray:", "rayon", "local:1", "ray:host", "ray:host:port", "ray:host:123456", "ray:host:99999",
        "ray://host:1", "ray:a b:1", None, 3,
    ],
)  # fmt: skip
def test_only_the_words_that_are_known_are_taken(word):
    with pytest.raises(InvalidOption, match="expected 'local', 'ray' or 'ray:HOST:PORT'"):
        find_cluster(word)


def test_without_ray_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.delitem(sys.modules, "blendgym.execute.on_ray", raising=False)
    with pytest.raises(ExtraMissing, match=r"pip install 'blendgym\[ray\]'"):
        find_cluster("ray")


@pytest.mark.parametrize("word", ["ray", "ray:127.0.0.1:9"])
def test_where_there_is_no_cluster_none_is_started(word, tmp_path, monkeypatch):
    monkeypatch.setenv("RAY_TMPDIR", str(tmp_path))
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    folder = StudyFolder(tmp_path / "study")
    with pytest.raises(ClusterNotFound, match="ray start --head"):
        carry_out(folder, study_of(seeds=(0,)), processes=1, execute=word)
    assert not folder.results.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [({"window": True}, "no display"), ({"address": "tcp://127.0.0.1:9"}, "exclude"), ({"max_rss": 900}, "max_steps")],
)
def test_what_has_no_effect_on_a_cluster_is_refused(arguments, said):
    with pytest.raises(InvalidOption, match=said):
        gym.make("BlendCartpole-v0", execute="ray", **arguments)


@pytest.mark.parametrize("address", ["local", "foo", "ray://127.0.0.1:10001", "127.0.0.1:99999"])
def test_a_variable_that_names_no_address_is_named(address, tmp_path, monkeypatch):
    monkeypatch.setenv("RAY_ADDRESS", address)
    with pytest.raises(InvalidOption, match=f"RAY_ADDRESS is '{re.escape(address)}'; expected HOST:PORT"):
        find_cluster("ray").connect()


class Page(socketserver.StreamRequestHandler):
    """Answers as servers of web pages do that do not know HTTP/2."""

    def handle(self):
        self.rfile.readline()
        self.wfile.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")


class Silence(socketserver.StreamRequestHandler):
    """Hangs up without a word."""

    def handle(self):
        self.rfile.readline()


@pytest.mark.parametrize("handler", [Page, Silence])
def test_what_is_no_server_of_ray_is_not_waited_for(handler):
    with socketserver.TCPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.handle_request).start()
        with pytest.raises(ClusterNotFound, match="what listens there is no server of Ray"):
            find_cluster(f"ray:127.0.0.1:{server.server_address[1]}").connect()
