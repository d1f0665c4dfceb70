"""Options that would have no effect are refused, and named."""

from __future__ import annotations

import pytest

from blendgym.cli import main


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("evaluate runs/x --width 96", "--width has no effect without --video"),
        ("train BlendPendulum-v0 --resume runs/x --seed 3", "ENV-ID, --seed have no effect with --resume"),
        ("render --count 3", "--count has no effect without --randomize"),
        ("render --randomize visual --passes depth", "--passes has no effect with --randomize"),
        ("view runs/x --count 3", "--count has no effect without --output"),
        ("view runs/x -o page.html --port 8000", "--port has no effect with --output"),
        ("view runs/x -o page.html --indices 1 2 --count 3", "--count has no effect with --indices"),
        ("new my_env --blender /usr/bin/blender", "--blender has no effect without --blend or --scene"),
        ("new my_env --scene marked.blend --blend", "--blend has no effect with --scene"),
        ("dr compare --declaration study.json --seeds 3", "--seeds has no effect with --declaration"),
        ("dr evaluate runs/x --exam exam.json --questions 8", "--questions has no effect with --exam"),
        ("check tcp://127.0.0.1:5555 --server", "--server has no effect with an address"),
        ("check BlendCartpole-v0 --keys keys", "--keys has no effect without an address"),
        ("inspect scene.blend --options reach=1", "--options has no effect on a scene"),
        ("bench vectors --scaling --blendtorch .", "--blendtorch has no effect with --scaling"),
        ("bench solved --no-train --seeds 5", "--seeds has no effect with --no-train"),
        ("bench solved --no-train --execute ray", "--execute has no effect with --no-train"),
        ("train --resume runs/x --execute ray", "--execute has no effect with --resume"),
    ],
)
def test_an_option_in_vain_is_refused(line, told, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match="1"):
        main(line.split())
    assert told in " ".join(capsys.readouterr().err.split())
    assert not [*tmp_path.iterdir()]
