"""The models that come with the project, and the commands that list, show and compare them."""

import json
import subprocess
from pathlib import Path

import pytest
from harness import BINARY, DATASETS, run, succeed

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "Models"


def test_models_are_rebuilt_byte_by_byte(tmp_path):
    subprocess.run(["bash", "Tools/models.sh", BINARY, tmp_path], cwd=ROOT, check=True,
                   capture_output=True)
    shipped = {path.name: path.read_bytes() for path in MODELS.iterdir()
               if path.name.endswith((".safetensors", ".json"))}
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == shipped


def test_list_and_show_name_what_a_model_is():
    listed = json.loads(succeed("models", "list", MODELS, "--json").stdout)
    assert [model["profile"] for model in listed] == [
        "compute", "environment", "mobility", "storage", "wireless"]
    for model in listed:
        file = MODELS / model["file"]
        card = json.loads((MODELS / f"{model['file']}.card.json").read_text())
        assert card["digest"] == model["digest"]
        assert card["quality"]["calibrating_nodes"] == model["calibrating_nodes"]
        shown = succeed("models", "show", file).stdout
        assert model["digest"] in shown
        assert all(feature in shown for feature in card["features"])
        assert model["digest"] in succeed("models", "list", MODELS).stdout


def test_diff_says_what_changed(tmp_path):
    compute, wireless = MODELS / "compute.safetensors", MODELS / "wireless.safetensors"
    assert "byte for byte" in succeed("models", "diff", compute, compute).stdout
    other = json.loads(succeed("models", "diff", compute, wireless, "--json").stdout)
    assert not other["same_profile"] and "vram_ratio" in other["features_removed"]
    half = tmp_path / "half.safetensors"
    log = sorted(DATASETS["wireless"].glob("*.gz"))[:10]
    succeed("train", "--profile", "wireless", "--epoch", "all", "--out", half, *log)
    moved = json.loads(succeed("models", "diff", half, wireless, "--json").stdout)
    assert moved["same_profile"] and not moved["features_added"]
    assert any(feature["moved_by_spreads"] for feature in moved["moved"])


@pytest.mark.parametrize("arguments", [
    ["list", "nowhere"], ["show", "nowhere"], ["diff", "nowhere", "nowhere"]])
def test_what_cannot_be_read_is_named(arguments, tmp_path):
    result = run("models", *arguments, cwd=tmp_path)
    assert result.code == 3 and "nowhere" in result.stderr


def test_a_model_of_other_features_is_refused_and_says_which(tmp_path):
    data = (MODELS / "compute.safetensors").read_bytes()
    assert data.count(b"vram_ratio") == 1
    changed = tmp_path / "changed.safetensors"
    changed.write_bytes(data.replace(b"vram_ratio", b"vrom_ratio"))
    result = run("run", "--profile", "compute", "--epoch", "all", "--model", changed,
                 "--out", tmp_path / "out", DATASETS["compute"])
    assert result.code == 3 and "vram_ratio" in result.stderr and "vrom_ratio" in result.stderr
