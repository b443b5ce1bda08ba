"""What a model can do, told from its files and from its networks alike; and who needs it."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from core.methods import settings_types, why_not
from core.models.abilities import Abilities, abilities_of, pixel_abilities, read_abilities
from core.models.library import ModelLibrary
from core.models.stable_diffusion import StableDiffusion

ALL = Abilities("epsilon", words=True, decoder=True)


def refused(able: Abilities | None) -> set[str]:
    model = SimpleNamespace(name="some", abilities=able)
    return {name for name, kind in settings_types().items() if why_not(kind, model)}


def test_files_and_networks_tell_the_same(tiny_folder: Path, tiny_model: StableDiffusion) -> None:
    assert read_abilities(tiny_folder) == tiny_model.abilities == ALL
    info = ModelLibrary([tiny_folder.parent]).get("tiny")
    assert info.abilities == ALL


@pytest.mark.parametrize("file", ["unet/config.json", "scheduler/scheduler_config.json"])
@pytest.mark.parametrize("text", ["", "[]", "nonsense"])
def test_files_that_do_not_tell_are_no_reason(
    tiny_folder: Path, tmp_path: Path, file: str, text: str
) -> None:
    shutil.copytree(tiny_folder, tmp_path / "bad")
    (tmp_path / "bad" / file).write_text(text)
    assert read_abilities(tmp_path / "bad") is None
    assert refused(None) == set()


def test_attention_is_told_by_the_blocks(tiny_folder: Path) -> None:
    unet = json.loads((tiny_folder / "unet" / "config.json").read_text())
    plain = {"down_block_types": ["DownBlock2D"], "up_block_types": ["UpBlock2D"]}
    middle = abilities_of({**unet, **plain}, "epsilon")
    assert (middle.words, middle.decoder) == (True, False)
    none = abilities_of({**unet, **plain, "mid_block_type": "UNetMidBlock2D"}, "epsilon")
    assert (none.words, none.decoder) == (False, False)
    assert abilities_of({**unet, **plain, "mid_block_type": None}, "epsilon") == none


def test_who_needs_what() -> None:
    flows = {"rf-inversion", "flowedit"}
    inpainting = {"inpainting"}
    enlarging = {"upscale"}
    words = {"prompt-to-prompt", "masactrl", "null-text", "negative-prompt", "direct-inversion"}
    assert refused(ALL) == flows | inpainting | enlarging
    able = replace(ALL, beside="mask")
    assert refused(able) == flows | enlarging
    assert refused(replace(able, prediction="flow")) == enlarging
    assert refused(replace(able, decoder=False)) == flows | enlarging | {"plug-and-play"}
    less = flows | enlarging | words | {"plug-and-play"}
    assert refused(replace(able, words=False, decoder=False)) == less
    only = replace(ALL, beside="small-picture")
    assert set(settings_types()) - refused(only) == enlarging | {"realesrgan"}


def test_what_reads_no_prompt_makes_fills_and_restores() -> None:
    able = set(settings_types()) - refused(pixel_abilities("epsilon"))
    assert able == {
        "generation",
        "sdedit",
        "masked-fill",
        "repaint",
        "differential",
        "remove",
        "extend",
        "cycle-diffusion",
        "ddib",
        "dps",
        "pigdm",
        "realesrgan",
    }
    # the first reason is the one that another method cannot help against
    model = SimpleNamespace(name="dots", abilities=pixel_abilities("epsilon"))
    reason = why_not(settings_types()["masactrl"], model)
    assert reason == "masactrl needs a prompt and dots reads none; choose another model."


def test_the_reason_names_method_model_and_remedy() -> None:
    model = SimpleNamespace(name="sketchy", abilities=replace(ALL, prediction="v_prediction"))
    reason = why_not(settings_types()["flowedit"], model)
    assert reason == (
        "flowedit needs a rectified-flow model and sketchy predicts v prediction; choose the "
        "method edit-friendly, or a flow model."
    )


def test_the_window_can_ask_without_torch() -> None:
    code = (
        "import sys; from core.methods import settings_types, why_not; "
        "from core.models.library import ModelLibrary; "
        "[why_not(k, m) for m in ModelLibrary().find() for k in settings_types().values()]; "
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
