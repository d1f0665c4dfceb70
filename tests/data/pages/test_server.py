"""The server of a page answers whatever is asked, to this machine alone."""

from __future__ import annotations

import io
import json
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import msgspec
import numpy as np
import pytest
from PIL import Image
from recorded import simple_sample

from blendgym.data.pages import Catalogue, PageServer
from blendgym.data.recording import Recording, Replay
from blendgym.errors import InvalidOption


@pytest.fixture(scope="module")
def server(crates):
    with PageServer(Catalogue(crates)) as server:
        yield server


def ask(server, path, method="GET", **headers):
    """Status, headers and content of an answer."""
    connection = HTTPConnection(urlsplit(server.address).netloc, timeout=60)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, answer.headers, content


def asked(server, path):
    status, _, content = ask(server, path)
    assert status == 200, content
    return json.loads(content)


def test_the_page_is_served_with_what_it_needs(server):
    status, headers, content = ask(server, "/")
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert content.startswith(b"<!doctype html>")
    assert asked(server, "/recording")["samples"] == 8
    assert asked(server, "/samples")["index"] == list(range(8))
    assert asked(server, "/samples/3")["index"] == 3


def test_pictures_are_those_of_the_recording(server, crates):
    for sample in Replay(crates):
        _, headers, content = ask(server, f"/samples/{sample.index}/0/rgb")
        assert headers["Content-Type"] == "image/png"
        assert np.array_equal(np.array(Image.open(io.BytesIO(content))), sample.views["near"].images["rgb"])
        content = ask(server, f"/samples/{sample.index}/thumbnail")[2]
        assert Image.open(io.BytesIO(content)).size == (64, 48)


def test_samples_are_found_by_a_query(server, crates):
    suns = [sample.parameters["sun"] for sample in Replay(crates)]
    query = urlencode([("range", "sun:2:4"), ("first", 2)])
    assert asked(server, f"/samples?{query}")["index"] == [i for i, sun in enumerate(suns) if i >= 2 and 2 <= sun <= 4]


@pytest.mark.parametrize(
    "path",
    [
        "/nothing", "/../../etc/passwd", "/%2e%2e/recording.json", "/samples/../recording", "/samples/8", "/samples/-1",
        "/samples/one", "/samples/" + "9" * 18, "/samples/" + "9" * 500, "/samples/0/9/rgb", "/samples/0/0/nothing",
        "/samples/0/0/..", "/samples?first=-1", "/samples?range=sun:low:high", "/samples?unknown=1",
        "/samples/0/",
    ],
)  # fmt: skip
def test_wrong_paths_are_answered_with_what_is_wrong(server, path):
    status, headers, content = ask(server, path)
    assert (status, headers["Content-Type"]) == (404, "application/json")
    assert json.loads(content)["error"]


def test_head_is_get_without_the_content(server):
    for path in ("/", "/samples/0/0/rgb", "/nothing"):
        status, others, body = ask(server, path)
        port = urlsplit(server.address).port
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            connection.sendall(f"HEAD {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
            head, _, content = connection.makefile("rb").read().partition(b"\r\n\r\n")
        assert head.startswith(f"HTTP/1.1 {status} ".encode())
        assert f"Content-Length: {others['Content-Length']}".encode() in head
        assert (content, len(body)) == (b"", int(others["Content-Length"]))


def test_other_methods_are_refused(server):
    for method in ("POST", "PUT", "DELETE"):
        assert ask(server, "/", method)[0] == 501


def test_other_hosts_names_are_refused(server):
    assert ask(server, "/recording", Host="evil.example:80")[0] == 421
    port = urlsplit(server.address).port
    assert ask(server, "/recording", Host=f"localhost:{port}")[0] == 200


def test_only_the_loopback_interface_is_listened_at(server):
    assert urlsplit(server.address).hostname == "127.0.0.1"
    with socket.create_connection(("127.0.0.1", urlsplit(server.address).port)) as connection:
        assert connection.getpeername()[0] == "127.0.0.1"


def test_many_are_answered_at_once(server, crates):
    images = {sample.index: sample.views["near"].images["rgb"] for sample in Replay(crates)}
    paths = [f"/samples/{number % 8}/0/rgb" for number in range(64)]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda path: ask(server, path), paths))
    for number, (status, _, content) in enumerate(answers):
        assert status == 200
        assert np.array_equal(np.array(Image.open(io.BytesIO(content))), images[number % 8])


def test_a_browser_that_goes_away_disturbs_nobody(server, capfd):
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", urlsplit(server.address).port)) as connection:
            connection.sendall(b"GET /samples/0/0/rgb HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    assert asked(server, "/samples/1")["index"] == 1
    assert capfd.readouterr().err == ""


def test_a_damaged_sample_is_named_and_the_rest_works(tmp_path):
    with Recording(tmp_path) as recording:
        for index in range(4):
            recording.write(simple_sample(index))
    shard = tmp_path / "000000.tar"
    content = shard.read_bytes()
    place = content.index(b"00000002.rgb.png")
    shard.write_bytes(content[: place + 600] + b"?" + content[place + 601 :])
    with PageServer(Catalogue(tmp_path)) as server:
        for path in ("/samples/2", "/samples/2/thumbnail", "/samples/2/0/rgb"):
            status, _, content = ask(server, path)
            assert status == 422
            assert "Sample 2 in" in json.loads(content)["error"]
        for index in (0, 1, 3):
            assert ask(server, f"/samples/{index}/0/rgb")[0] == 200


def test_a_sample_that_makes_no_sense_is_named_and_the_rest_works(tmp_path):
    odd = simple_sample(0)
    view = msgspec.structs.replace(odd.view, world_to_camera=np.zeros((4, 4)))
    with Recording(tmp_path) as recording:
        recording.write(msgspec.structs.replace(odd, views={"": view}))
        recording.write(simple_sample(1))
    with PageServer(Catalogue(tmp_path)) as server:
        status, _, content = ask(server, "/samples/0")
        assert status == 500
        assert "Sample 0 cannot be shown: LinAlgError" in json.loads(content)["error"]
        assert asked(server, "/samples/1")["index"] == 1


def test_a_recording_that_is_written_shows_what_is_new(tmp_path):
    with Recording(tmp_path) as recording, PageServer(Catalogue(tmp_path)) as server:
        for index in range(3):
            recording.write(simple_sample(index))
            assert asked(server, "/recording")["samples"] == index + 1
            assert asked(server, "/samples")["index"] == list(range(index + 1))
            assert ask(server, f"/samples/{index}/0/depth")[0] == 200


def test_a_port_that_is_taken_is_named(server, crates):
    port = urlsplit(server.address).port
    with pytest.raises(InvalidOption, match=f"Port {port} cannot be listened at"):
        PageServer(Catalogue(crates), port)


def test_the_command_serves_until_it_is_interrupted(crates):
    command = [sys.executable, "-um", "blendgym", "view", str(crates), "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        said = process.stdout.readline()
        assert "8 samples at http://127.0.0.1:" in said
        connection = HTTPConnection(urlsplit(said.split()[-1]).netloc, timeout=60)
        connection.request("GET", "/recording")
        assert json.loads(connection.getresponse().read())["samples"] == 8
        connection.close()
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert process.stderr.read() == ""
