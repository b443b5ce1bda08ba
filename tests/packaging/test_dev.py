"""packaging/dev.py's decisions: every one is a function of plain values, tried here without pip."""

import importlib
import json
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

REPO = Path(__file__).resolve().parents[2]


def load(name: str) -> ModuleType:
    """A module of packaging/, which is a folder of scripts and no package."""
    folder = str(REPO / "packaging")
    sys.path.insert(0, folder)
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(folder)


dev = load("dev")
environment = load("environment")
pip_calls = load("pip_calls")
system_libraries = load("system_libraries")
torch_build = load("torch_build")

CPU_WHEEL = {"version": "2.13.0+cpu", "requires_dist": ["filelock", "sympy>=1.13.3"]}
PLAIN_CUDA_WHEEL = {
    "version": "2.13.0",
    "requires_dist": ["filelock", 'nvidia-cublas==13.1; platform_system == "Linux"'],
}
PLAIN_CPU_WHEEL = {"version": "2.13.0", "requires_dist": ["filelock"]}
CUDA_WHEEL = {"version": "2.13.0+cu130", "requires_dist": []}

SWAP = {
    "file": "apple.png",
    "edit": {"job": "swap", "source": "a red apple", "target": "a green apple"},
}
FILL = {
    "file": "table.png",
    "edit": {"job": "fill", "target": "a cup", "mask": "table-mask.png"},
}


class TestPython:
    @pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
    def test_supported(self, version: tuple[int, int]) -> None:
        assert environment.python_is_supported(version)

    @pytest.mark.parametrize("version", [(2, 7), (3, 10), (3, 14), (4, 0)])
    def test_not_supported(self, version: tuple[int, int]) -> None:
        assert not environment.python_is_supported(version)

    def test_agrees_with_pyproject(self) -> None:
        text = (REPO / "pyproject.toml").read_text(encoding="utf-8")
        oldest, too_new = environment.OLDEST, environment.TOO_NEW
        assert f'requires-python = ">={oldest[0]}.{oldest[1]},<{too_new[0]}.{too_new[1]}"' in text


class TestTorchBuild:
    @pytest.mark.parametrize(
        ("wheel", "build"),
        [
            (CPU_WHEEL, "cpu"),
            (PLAIN_CPU_WHEEL, "cpu"),
            (PLAIN_CUDA_WHEEL, "cuda"),
            (CUDA_WHEEL, "cuda"),
        ],
    )
    def test_build_is_read_from_pips_report(self, wheel: dict, build: str) -> None:
        assert torch_build.build_in_report({"install": [{"metadata": wheel}]}) == build

    def test_pin_is_the_one_in_pyproject(self) -> None:
        assert torch_build.torch_pin((REPO / "pyproject.toml").read_text()) == "2.13.0"

    def test_missing_pin_is_an_error(self) -> None:
        with pytest.raises(pip_calls.SetupError, match="torch"):
            torch_build.torch_pin('dependencies = ["numpy"]')

    def test_cpu_tries_the_plain_pin_before_the_cpu_index(self) -> None:
        plain, indexed = torch_build.torch_attempts("2.13.0", "cpu")
        assert plain == ["torch==2.13.0"]
        assert indexed == ["torch==2.13.0+cpu", "--extra-index-url", torch_build.CPU_INDEX]

    def test_cuda_never_asks_the_cpu_index(self) -> None:
        attempts = torch_build.torch_attempts("2.13.0", "cuda")
        assert attempts == [["torch==2.13.0"], ["torch===2.13.0"]]

    @pytest.mark.parametrize(
        ("offered", "wanted", "installed", "chosen"),
        [
            (["cpu"], "cpu", None, None),  # the plain pin is right: pyproject.toml's own will do
            (["cuda", "cpu"], "cpu", None, 1),  # the CPU index has it
            (["cuda", None], "cpu", None, None),  # nobody has: take the plain pin
            ([None, None], "cpu", None, None),  # pip is too old to say, or there is no network
            (["cpu", "cuda"], "cuda", None, 1),  # a local CPU wheel stands before the CUDA build
            (["cuda"], "cuda", "cpu", 0),  # a GPU was added to an existing environment
            ([], "cpu", "cpu", None),
        ],
    )
    def test_which_attempt_is_installed(
        self, offered: list, wanted: str, installed: str | None, chosen: int | None
    ) -> None:
        attempts = torch_build.torch_attempts("2.13.0", wanted)
        arguments = torch_build.arguments_for(attempts, offered, wanted, installed)
        if chosen is None:
            assert arguments is None
        else:
            assert arguments == ["--no-deps", "--force-reinstall", *attempts[chosen]]

    @pytest.mark.parametrize(
        ("line", "build"),
        [
            ("cuda: Optional[str] = None", "cpu"),
            ("cuda: Optional[str] = '13.0'", "cuda"),
            ('cuda = "12.8"', "cuda"),
        ],
    )
    def test_build_is_read_from_the_installed_file(self, line: str, build: str) -> None:
        text = f"__version__ = '2.13.0'\ndebug = False\n{line}\nhip: Optional[str] = None\n"
        assert torch_build.build_in_version_file(text) == build

    @pytest.mark.parametrize("wanted", ["cpu", "cuda"])
    @pytest.mark.parametrize("installed", ["cpu", "cuda"])
    def test_every_outcome_is_named_with_its_reason(self, wanted: str, installed: str) -> None:
        line = torch_build.describe_torch("2.13.0", installed, wanted)
        assert f"{installed.upper()} build" in line
        assert ("no NVIDIA GPU" in line) == (wanted == "cpu")


class TestStamp:
    PARTS = (b"pyproject", b"constraints", "/repo", "cpu")

    @pytest.mark.parametrize("changed", range(4))
    def test_any_change_asks_for_a_new_installation(self, changed: int) -> None:
        other = list(self.PARTS)
        other[changed] = other[changed] * 2
        before = environment.stamp_hash(*self.PARTS)
        assert environment.stamp_hash(*self.PARTS) == before
        assert environment.stamp_hash(*other) != before

    def test_linters_settings_install_nothing(self) -> None:
        project = '[project]\nname = "a"\n'
        linted = project + '[tool.ruff]\nx = 1\n[tool.ruff.lint]\nselect = [\n"E",\n]\n'
        part = environment.installed_part
        assert part(linted) == part(project)
        assert part(linted + "[tool.setuptools.dynamic]\ny = 2") != part(project)

    def test_ready_needs_the_hash_and_the_extras(self) -> None:
        stamp = {"hash": "a", "extras": ["test"]}
        assert environment.is_ready(stamp, "a", set())
        assert environment.is_ready(stamp, "a", {"test"})
        assert not environment.is_ready(stamp, "a", {"test", "dev"})
        assert not environment.is_ready(stamp, "b", set())
        assert not environment.is_ready({}, "a", set())

    def test_round_trip_and_damage(self, tmp_path: Path) -> None:
        environment.write_stamp(tmp_path, {"hash": "a"})
        assert environment.read_stamp(tmp_path) == {"hash": "a"}
        assert [path.name for path in tmp_path.iterdir()] == [environment.STAMP_NAME]
        for damage in ("", "{", "[1]"):
            (tmp_path / environment.STAMP_NAME).write_text(damage)
            assert environment.read_stamp(tmp_path) == {}

    def test_a_foreign_folder_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "thesis.txt").write_text("years of work")
        with pytest.raises(pip_calls.SetupError, match="SFUMATO_ENV"):
            environment._make_environment(tmp_path)
        assert (tmp_path / "thesis.txt").exists()


class TestSystemLibraries:
    def test_dpkgs_answer(self) -> None:
        answer = "libegl1\tinstalled\nlibgl1\tconfig-files\nlibdbus-1-3\tnot-installed\n"
        assert system_libraries.parse_installed(answer) == {"libegl1"}

    def test_only_what_is_missing(self) -> None:
        everything = {names[0] for names in system_libraries.QT_LIBRARIES.values()}
        assert system_libraries.missing_packages(everything, korean_font=True) == []
        without = everything - {"libxcb-cursor0"}
        assert system_libraries.missing_packages(without, korean_font=True) == ["libxcb-cursor0"]

    def test_renamed_package_counts(self) -> None:
        everything = {names[-1] for names in system_libraries.QT_LIBRARIES.values()}
        assert "libglib2.0-0t64" in everything
        assert system_libraries.missing_packages(everything, korean_font=True) == []

    def test_one_korean_font_is_enough(self) -> None:
        everything = {names[0] for names in system_libraries.QT_LIBRARIES.values()}
        assert system_libraries.missing_packages(everything, False) == ["fonts-nanum"]
        assert system_libraries.missing_packages(everything | {"fonts-noto-cjk"}, False) == []

    def test_root_needs_no_sudo(self) -> None:
        as_root = system_libraries.apt_commands(["libegl1"], is_root=True)
        as_user = system_libraries.apt_commands(["libegl1"], is_root=False)
        assert [command[0] for command in as_root] == ["apt-get", "apt-get"]
        assert as_user == [["sudo", *command] for command in as_root]
        assert "update" in as_root[0]
        assert as_root[1][-1] == "libegl1"


class TestWhere:
    def test_environment_folder(self) -> None:
        folder = dev.environment_folder
        assert folder(None, {}) == REPO / ".venv"
        assert folder(None, {"SFUMATO_ENV": "/a"}) == Path("/a").absolute()
        assert folder("/b", {"SFUMATO_ENV": "/a"}) == Path("/b").absolute()

    @pytest.mark.parametrize(
        ("platform", "variables", "seen"),
        [
            ("linux", {}, False),
            ("linux", {"DISPLAY": ""}, False),
            ("linux", {"DISPLAY": ":0"}, True),
            ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
            ("linux", {"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, False),
            ("linux", {"QT_QPA_PLATFORM": "vnc:size=800x600"}, True),
            ("darwin", {}, True),
            ("win32", {}, True),
        ],
    )
    def test_has_screen(self, platform: str, variables: dict[str, str], seen: bool) -> None:
        assert dev.has_screen(platform, variables) is seen


class TestSamples:
    def test_swap(self) -> None:
        arguments = dev.edit_arguments(SWAP, Path("/s"), Path("/o.png"))
        assert arguments == [
            "edit", str(Path("/s/apple.png")), "--job", "swap", "--source", "a red apple",
            "--target", "a green apple", "--out", str(Path("/o.png")),
        ]  # fmt: skip

    def test_fill_names_its_mask(self) -> None:
        arguments = dev.edit_arguments(FILL, Path("/s"), Path("/o.png"))
        assert "--source" not in arguments
        assert arguments[arguments.index("--mask") + 1] == str(Path("/s/table-mask.png"))

    def test_which_sample_is_meant(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        bare = {"file": "photo.png"}
        samples = [bare, SWAP, FILL]
        folder = tmp_path / "samples"
        monkeypatch.chdir(tmp_path)
        assert dev.find_sample(samples, None, folder) is SWAP
        assert dev.find_sample(samples, str(folder / "table.png"), folder) is FILL
        assert dev.find_sample(samples, "samples/table.png", folder) is FILL
        assert dev.find_sample(samples, "table.png", folder) is FILL
        assert dev.find_sample(samples, "photo.png", folder) is None
        assert dev.find_sample(samples, "mine.jpg", folder) is None

    def test_a_picture_of_the_users_own_is_no_sample(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "table.png").write_text("")
        assert dev.find_sample([FILL], "table.png", tmp_path / "samples") is None
        assert dev.find_sample([FILL], "/elsewhere/table.png", tmp_path / "samples") is None

    def test_missing_description_names_the_file(self, tmp_path: Path) -> None:
        with pytest.raises(pip_calls.SetupError, match=r"samples\.json"):
            dev.read_samples(tmp_path)


class TestClean:
    def test_only_what_it_made(self, tmp_path: Path) -> None:
        ours = ["out/first-edit.png", ".pytest_cache/x", "core/__pycache__/a.pyc"]
        kept = [
            "out/mine.png",
            "core/a.py",
            "resources/models/starter/unet.bin",
            ".venv/pyvenv.cfg",
        ]
        for name in ours + kept:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text("")
        found = dev.removable(tmp_path, tmp_path / ".venv", made_here=False)
        assert {path.relative_to(tmp_path).as_posix() for path in found} == {
            ".pytest_cache",
            "core/__pycache__",
            "out/first-edit.png",
        }

    def test_environment_goes_only_if_made_here(self, tmp_path: Path) -> None:
        (tmp_path / ".venv").mkdir()
        assert dev.removable(tmp_path, tmp_path / ".venv", made_here=False) == []
        found = dev.removable(tmp_path, tmp_path / ".venv", made_here=True)
        assert found == [tmp_path / ".venv"]
        assert environment.may_remove({"made_by": "packaging/dev.py"})
        assert not environment.may_remove({})


class TestCommandLine:
    @pytest.mark.parametrize(
        ("arguments", "command", "rest"),
        [
            (["test"], "test", []),
            (
                ["test", "-k", "step", "tests/core", "-x"],
                "test",
                ["-k", "step", "tests/core", "-x"],
            ),
            (["run", "a picture.png"], "run", ["a picture.png"]),
        ],
    )
    def test_the_rest_is_passed_on(
        self,
        monkeypatch: pytest.MonkeyPatch,
        arguments: list[str],
        command: str,
        rest: list[str],
    ) -> None:
        seen: list[object] = []
        monkeypatch.setitem(dev.COMMANDS, command, lambda *given: seen.extend(given) or 7)
        assert dev.main(["--env", "/e", *arguments]) == 7
        assert seen == [Path("/e").absolute(), rest]

    def test_a_set_up_that_fails_says_why_in_words(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def fail(*_: object) -> int:
            raise pip_calls.SetupError("Install python3-venv.")

        monkeypatch.setitem(dev.COMMANDS, "test", fail)
        assert dev.main(["test"]) == 1
        assert capsys.readouterr().err.strip() == "Install python3-venv."


def test_constraints_name_every_pinned_requirement() -> None:
    project = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locked = pip_calls.CONSTRAINTS.read_text(encoding="utf-8").splitlines()
    needs = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    for need in needs:
        if "==" in need:
            assert need.replace("[nodejs]", "") in locked


def test_stamp_is_plain_json(tmp_path: Path) -> None:
    environment.write_stamp(tmp_path, {"torch": "PyTorch 2.13.0, CPU build"})
    text = (tmp_path / environment.STAMP_NAME).read_text(encoding="utf-8")
    assert json.loads(text)["torch"].startswith("PyTorch")
