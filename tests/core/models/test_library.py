import io
import json
import os
import pickle
import subprocess
import sys
import types
import zipfile

import pytest

from core.errors import (
    ModelDamagedError,
    ModelNotFoundError,
    ModelRefusedError,
    RequestError,
)
from core.models import checks
from core.models.fingerprint import fingerprint
from core.models.library import ModelLibrary, default_folders, user_folder
from tests.core.models.model_folder import STEMS, write_model

UNET = "unet/diffusion_pytorch_model.safetensors"


@pytest.fixture
def model(tmp_path):
    return write_model(tmp_path / "little")


@pytest.fixture
def library(model):
    return ModelLibrary([model.parent])


def messages(folder):
    return [str(problem) for problem in checks.find_problems(folder)]


def zipped():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("archive/data.pkl", b"x")
    return file.getvalue()


def test_a_model_is_found_and_described(library, model):
    (model.parent / "not a model").mkdir()
    (info,) = library.find()
    assert (info.name, info.folder) == ("little", model)
    assert info.title == "A little world"
    assert info.licence == "apache-2.0"
    assert info.family == "stable-diffusion"
    assert info.size_bytes == sum(f.stat().st_size for f in model.rglob("*") if f.is_file())
    assert library.get("little") == info
    assert library.get(str(model)) == info


def test_a_whole_model_passes(library):
    assert library.check("little") == []


def test_shards_pass_and_a_missing_one_is_named(tmp_path):
    folder = write_model(tmp_path / "m", sharded=True)
    assert messages(folder) == []
    shard = folder / "unet" / "diffusion_pytorch_model-00002-of-00002.safetensors"
    content = shard.read_bytes()
    shard.unlink()
    assert messages(folder)[0].startswith(f"m/unet/{shard.name} is missing.")
    shard.write_bytes(content[:-100])
    assert "is truncated" in messages(folder)[0]
    first = shard.with_name("diffusion_pytorch_model-00001-of-00002.safetensors")
    shard.write_bytes(first.read_bytes())
    assert "names first" in messages(folder)[0]


def test_an_index_cannot_point_outside(tmp_path):
    folder = write_model(tmp_path / "m", sharded=True)
    index = folder / "unet" / "diffusion_pytorch_model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"a": "../../secret.safetensors"}}))
    with pytest.raises(ModelRefusedError, match="points outside"):
        checks.check_folder(folder)


def test_folders_come_from_the_product_the_user_and_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("SFUMATO_MODELS", os.pathsep.join([str(tmp_path / "a"), str(tmp_path)]))
    folders = default_folders()
    assert folders[0].parts[-2:] == ("resources", "models")
    assert folders[1:] == [user_folder(), tmp_path / "a", tmp_path]
    write_model(tmp_path / "a")
    assert "a" in {info.name for info in ModelLibrary().find()}


def test_the_first_of_two_with_one_name_counts(tmp_path):
    first = write_model(tmp_path / "one" / "twin")
    write_model(tmp_path / "two" / "twin")
    library = ModelLibrary([tmp_path / "one", tmp_path / "two"])
    assert [info.folder for info in library.find()] == [first]


def test_unknown_models_are_answered_with_the_known_ones(library, tmp_path):
    with pytest.raises(ModelNotFoundError, match=r"no model “big”\. Choose one of: little"):
        library.get("big")
    with pytest.raises(ModelNotFoundError, match=r"no model “big”\. Copy one to"):
        ModelLibrary([tmp_path / "empty"]).get("big")
    (tmp_path / "plain").mkdir()
    with pytest.raises(ModelNotFoundError, match="is a folder, but no model"):
        library.get(str(tmp_path / "plain"))


@pytest.mark.parametrize(
    "name",
    [
        "unet/config.json",
        UNET,
        "vae/config.json",
        "text_encoder/model.safetensors",
        "tokenizer/vocab.json",
        "tokenizer/merges.txt",
        "scheduler/scheduler_config.json",
    ],
)
def test_missing_files_are_named(name, model, library):
    (model / name).unlink()
    (problem,) = library.check("little")
    assert isinstance(problem, ModelDamagedError)
    assert str(problem).startswith(f"little/{name} is missing. Copy the model again")


def test_truncated_weights_are_named_with_figures(model, library):
    file = model / UNET
    size = file.stat().st_size
    with file.open("r+b") as stream:
        stream.truncate(size - 1000)
    (problem,) = library.check("little")
    assert isinstance(problem, ModelDamagedError)
    assert str(problem) == (
        f"little/{UNET} is truncated ({size - 1000:,} of {size:,} bytes). "
        "Copy the model again or choose another."
    )


def test_megabytes_are_said_as_such(model, tmp_path):
    header = b'{"w":{"dtype":"U8","shape":[40200000],"data_offsets":[0,40200000]}}'
    with (model / UNET).open("wb") as stream:
        stream.write(len(header).to_bytes(8, "little") + header)
        stream.truncate(12_100_000)
    assert "is truncated (12.1 of 40.2 MB)." in messages(model)[0]


@pytest.mark.parametrize("size", [0, 5, 20])
def test_weights_torn_in_the_header_are_truncated(size, model):
    with (model / UNET).open("r+b") as stream:
        stream.truncate(size)
    assert f"is truncated (it ends after {size} bytes)" in messages(model)[0]


@pytest.mark.parametrize(
    ("header", "what"),
    [
        (b"not json", "senseless header"),
        (b"[1, 2]", "senseless header"),
        (b'{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}', "senseless header"),
        (b'{"w":{"dtype":"Q9","shape":[1],"data_offsets":[0,4]}}', "senseless header"),
        (b'{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}', "leave gaps"),
        (b'{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', "longer than its tensors"),
    ],
)
def test_senseless_headers_are_damage(header, what, model):
    (model / UNET).write_bytes(len(header).to_bytes(8, "little") + header + bytes(40))
    assert what in messages(model)[0]


def test_any_other_file_is_no_safetensors(model):
    (model / UNET).write_bytes(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n")
    assert "is not a safetensors file" in messages(model)[0]


@pytest.mark.parametrize("name", [UNET, "unet/weights.bin", "vae/model.dat"])
@pytest.mark.parametrize("content", [pickle.dumps({"a": [1]}), zipped()], ids=["pickle", "zip"])
def test_pickles_are_refused_by_content_whatever_their_name(name, content, model, library):
    (model / name).write_bytes(content)
    problems = library.check("little")
    assert len(problems) == 1
    assert str(problems[0]).startswith(f"little/{name} is a")
    with pytest.raises(ModelRefusedError, match="can run code"):
        library.load("little")


def test_a_header_that_begins_like_a_pickle_is_none(model, library):
    text = b'{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'.ljust(0x0280)
    (model / UNET).write_bytes(len(text).to_bytes(8, "little") + text + bytes(4))
    assert (model / UNET).read_bytes()[:2] == b"\x80\x02"
    assert library.check("little") == []


def test_code_in_the_folder_is_refused(model, library):
    (model / "unet" / "modeling.py").write_text("print('hello')")
    with pytest.raises(ModelRefusedError, match=r"little/unet/modeling\.py is program code"):
        library.load("little")


@pytest.mark.parametrize("key", ["auto_map", "custom_pipeline", "trust_remote_code"])
def test_requests_for_code_are_refused(key, model, library):
    config = json.loads((model / "unet/config.json").read_text())
    (model / "unet/config.json").write_text(json.dumps({**config, key: "x"}))
    with pytest.raises(ModelRefusedError, match=key):
        library.load("little")


def test_classes_from_elsewhere_are_refused(model):
    (model / "model_index.json").write_text('{"unet": ["my_code", "Net"]}')
    with pytest.raises(ModelRefusedError, match="takes unet from my_code"):
        checks.check_folder(model)


@pytest.mark.parametrize("text", ["{", "[]", "\x00", "[" * 100_000])
def test_unreadable_configurations_are_named(text, model):
    (model / "vae/config.json").write_text(text)
    assert any(message.startswith("little/vae/config.json") for message in messages(model))


@pytest.mark.parametrize(
    ("part", "config", "what"),
    [
        ("vae", {"latent_channels": 8}, "autoencoder gives 8 channels and the UNet reads 4"),
        ("text_encoder", {"hidden_size": 64}, "text encoder gives 64 channels"),
    ],
)
def test_parts_of_two_models_do_not_fit(part, config, what, model):
    (model / part / "config.json").write_text(json.dumps(config))
    assert what in messages(model)[0]


def test_the_fingerprint_changes_with_the_weights_and_not_with_the_card(model, tmp_path):
    cache = tmp_path / "cache" / "fingerprints.json"
    first = fingerprint(model, cache)
    assert len(first) == 64
    (model / "README.md").write_text("another card")
    (model / "training").mkdir()
    (model / "training" / "figures.json").write_text("{}")
    (model / "notes.txt").write_text("of nobody")
    assert fingerprint(model, cache) == first
    moved = model.rename(tmp_path / "renamed")
    assert fingerprint(moved, cache) == first
    with (moved / UNET).open("r+b") as stream:
        stream.seek(-1, os.SEEK_END)
        stream.write(b"\x01")
    os.utime(moved / UNET, ns=(1, 1))
    assert fingerprint(moved, cache) != first


def test_the_fingerprint_is_remembered(model, tmp_path, monkeypatch):
    cache = tmp_path / "fingerprints.json"
    first = fingerprint(model, cache)
    monkeypatch.setattr("hashlib.file_digest", lambda *a: pytest.fail("read again"))
    assert fingerprint(model, cache) == first


@pytest.mark.parametrize("content", ["no json", "[]", '{"x": 3}'])
def test_a_broken_cache_is_only_slow(content, model, tmp_path):
    cache = tmp_path / "fingerprints.json"
    cache.write_text(content)
    first = fingerprint(model, cache)
    assert first == fingerprint(model, tmp_path / "file" / "other.json")
    (tmp_path / "blocked").write_text("")
    assert first == fingerprint(model, tmp_path / "blocked" / "other.json")


@pytest.fixture
def loads(monkeypatch):
    """Stands where diffusers would load; notes each load."""
    calls = []

    def load(folder, device, dtype, *, name, fingerprint, open_other, memory):
        calls.append((name, str(device), str(dtype), fingerprint))
        return types.SimpleNamespace(name=name, device=device, dtype=dtype, load_other=open_other)

    module = types.ModuleType("core.models.stable_diffusion")
    module.load = load  # pyright: ignore[reportAttributeAccessIssue]
    monkeypatch.setitem(sys.modules, "core.models.stable_diffusion", module)
    monkeypatch.setattr("core.models.stable_diffusion", module, raising=False)
    return calls


def test_the_last_model_is_kept_and_let_go(model, loads):
    write_model(model.parent / "other")
    library = ModelLibrary([model.parent])
    first = library.load("little", "cpu")
    assert library.load("little", "cpu") is first
    assert [call[:3] for call in loads] == [("little", "cpu", "torch.float32")]
    assert loads[0][3] == library.fingerprint("little")
    assert library.load("other", "cpu") is not first
    assert library.load("little", "cpu") is not first
    assert len(loads) == 3


def test_another_model_is_opened_beside_the_first(model, loads):
    for name in ("other", "third"):
        write_model(model.parent / name)
    library = ModelLibrary([model.parent])
    first = library.load("little", "cpu", "float16")
    other = first.load_other("other")
    assert other.name == "other"
    assert first.load_other("other") is other
    assert first.load_other("little") is first
    assert other.load_other("little") is first
    assert library.load("little", "cpu", "float16") is first
    assert [call[:3] for call in loads] == [
        (n, "cpu", "torch.float16") for n in ("little", "other")
    ]
    assert first.load_other("third") is not other
    assert first.load_other("other") is not other  # one beside it is kept, not all
    with pytest.raises(ModelNotFoundError, match="no model “fourth”"):
        first.load_other("fourth")
    (model.parent / "third" / UNET).unlink()
    with pytest.raises(ModelDamagedError, match="is missing"):
        first.load_other("third")


def test_changed_files_are_loaded_again(model, library, loads):
    first = library.load("little", "cpu")
    os.utime(model / UNET, ns=(1, 1))
    assert library.load("little", "cpu") is not first


def test_unknown_devices_and_dtypes_are_refused(library, loads):
    for device in ("tpu", "cuda:99", "cpu:1", "cuda:x"):
        with pytest.raises(RequestError, match=f"device {device}"):
            library.load("little", device)
    with pytest.raises(RequestError, match="dtype float8 is not known"):
        library.load("little", "cpu", "float8")
    assert loads == []


def test_finding_and_checking_needs_no_torch(model):
    code = (
        "import sys\n"
        "import core.cli, core.recipe, core.imaging.mask\n"
        "from core.models.library import ModelLibrary\n"
        "library = ModelLibrary([sys.argv[1]])\n"
        "assert library.find() and not library.check('little') and library.fingerprint('little')\n"
        "heavy = {'torch', 'diffusers', 'transformers', 'cv2', 'PySide6'} & set(sys.modules)\n"
        "sys.exit(f'imported: {heavy}' if heavy else 0)\n"
    )
    command = [sys.executable, "-c", code, str(model.parent)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_stems_are_those_that_checks_expect():
    assert STEMS == checks.NETWORKS
