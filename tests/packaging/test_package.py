"""What goes into the packages: the decisions that need no build."""

import importlib
import plistlib
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
import yaml

REPO = Path(__file__).resolve().parents[2]


def load(folder: str, name: str) -> ModuleType:
    """A module of one of packaging's folders of scripts."""
    place = str(REPO / "packaging" / folder)
    sys.path.insert(0, place)
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(place)


contents = load("freeze", "contents")
make_app = load("macos", "make_app")
debian_package = load("", "debian_package")
lock_engine = load("", "lock_engine")


@pytest.mark.parametrize(
    "name",
    [
        "torch/include/ATen/ATen.h",
        "torch/lib/libprotobuf.a",
        "torch/lib/libtorchbind_test.so",
        "torch/bin/protoc",
        "PySide6/Qt/qml/QtQuick/libqtquick.so",
        "PySide6/Qt/plugins/platforms/libqeglfs.so",
        "PySide6/Qt/translations/qtbase_de.qm",
        "numpy/__pycache__/core.pyc",
        "pytest_timeout-2.4.0.dist-info/METADATA",
    ],
)
def test_left_out(name: str) -> None:
    assert not contents.is_wanted(name, f"/env/{name}", "DATA")
    assert not contents.is_wanted(name.replace("/", "\\"), f"/env/{name}", "DATA")


@pytest.mark.parametrize(
    "name",
    [
        "torch/lib/libtorch_cpu.so",
        "torch/bin/torch_shm_manager",
        "torch/nn/modules/conv.py",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/translations/qtbase_ko.qm",
        "resources/models/starter/model_index.json",
        "torch-2.13.0+cpu.dist-info/METADATA",
    ],
)
def test_kept(name: str) -> None:
    assert contents.is_wanted(name, f"/env/{name}", "DATA")


def test_the_system_brings_what_its_drivers_were_built_with() -> None:
    system = "/lib/x86_64-linux-gnu/"
    for name in ("libstdc++.so.6", "libX11.so.6", "libglib-2.0.so.0"):
        assert not contents.is_wanted(name, system + name, "BINARY")
    for name in ("libssl.so.3", "libffi.so.8", "libsqlite3.so.0"):  # Python's own modules' need
        assert contents.is_wanted(name, system + name, "BINARY")
    assert contents.is_wanted("libxcb-9065.so.1", "/env/pillow.libs/libxcb-9065.so.1", "BINARY")


def test_resources_go_along_without_what_nobody_reads() -> None:
    names = {
        f"{target}/{Path(file).name}" for file, target in contents.files(REPO / "resources", "r")
    }
    assert "r/samples/samples.json" in names
    assert "r/translations/sfumato_ko.qm" in names
    assert not any(name.startswith("r/docs") or name.endswith((".ts", ".pyc")) for name in names)
    models = {name.split("/")[2] for name in names if name.startswith("r/models/")}
    assert models == {"starter", "starter-inpaint", "starter-upscale", "starter-pixels"}
    assert not any("training" in name for name in names)


def test_the_oldest_c_library_is_read_off_the_files(tmp_path: Path) -> None:
    (tmp_path / "a.so.1").write_bytes(b"\0GLIBC_2.9\0GLIBC_2.17\0")
    (tmp_path / "program").write_bytes(b"GLIBC_2.34\0")
    (tmp_path / "notes.txt").write_bytes(b"GLIBC_2.99\0")
    assert debian_package.oldest_glibc(tmp_path) == "2.34"


def test_every_program_of_the_package_has_a_manual() -> None:
    for manual in debian_package.PROGRAMS.values():
        text = (REPO / "packaging" / "debian" / f"{manual}.1").read_text(encoding="utf-8")
        assert text.startswith(".TH ")
    start = (REPO / "packaging" / "freeze" / "start.py").read_text(encoding="utf-8")
    assert all(f'"{name}"' in start for name in ("sfumato", "sfumato-gpu"))


def test_the_manual_tells_every_option_of_sfumato_gpu(capsys) -> None:
    from desktop.gpu import cli

    with pytest.raises(SystemExit):
        cli.main(["--help"])
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}
    manual = (REPO / "packaging/debian/sfumato-gpu.1").read_text().replace("\\-", "-")
    pip = {"--no-deps", "--require-hashes"}
    assert options - pip <= set(re.findall(r"--[a-z-]+", manual))


def test_a_lock_pins_torch_to_one_build() -> None:
    def item(name: str, version: str, file: str) -> dict:
        return {
            "metadata": {"name": name, "version": version},
            "download_info": {"url": f"elsewhere/{file}"},
        }

    torch = item("torch", "2.13.0", "torch-2.13.0-cp311-cp311-manylinux_2_28_x86_64.whl")
    plain = item("Huggingface_Hub", "2.4.0", "huggingface_hub-2.4.0-py3-none-any.whl")
    assert lock_engine.pin(torch) == "torch===2.13.0"
    assert lock_engine.pin(plain) == "huggingface-hub==2.4.0"
    assert lock_engine.is_for_one_python(torch)
    assert not lock_engine.is_for_one_python(plain)


def test_the_bundle_for_macos(tmp_path: Path) -> None:
    frozen = tmp_path / "sfumato"
    (frozen / "lib").mkdir(parents=True)
    (frozen / "sfumato").write_text("program")
    app = tmp_path / "Sfumato.app"
    make_app.lay_out(frozen, "1.2.3", app, None)
    with (app / "Contents" / "Info.plist").open("rb") as file:
        told = plistlib.load(file)
    assert (app / "Contents" / "MacOS" / told["CFBundleExecutable"]).exists()
    assert told["CFBundleShortVersionString"] == "1.2.3"
    assert (app / "Contents" / "MacOS" / "lib").is_dir()


def test_what_the_recipes_name_is_there() -> None:
    manifest = REPO / "packaging/flatpak/io.github.sfumato_editor.sfumato.yml"
    module = yaml.safe_load(manifest.read_text(encoding="utf-8"))["modules"][-1]
    for source in module["sources"]:
        if source["type"] == "file":
            assert (manifest.parent / source["path"]).exists()
    workflow = (REPO / ".github/workflows/package.yml").read_text(encoding="utf-8")
    assert set(yaml.safe_load(workflow)["jobs"]) == {"linux", "windows", "macos"}
    for path in re.findall(r"packaging/[\w/.]+\.(?:py|nsi|xml|desktop)", workflow):
        assert (REPO / path).exists()
