"""A Debian package out of the frozen program: files, menu entry, icon, MIME types, manual."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
from pathlib import Path

from pip_calls import REPO, SetupError
from system_libraries import QT_LIBRARIES

PARTS = REPO / "packaging" / "debian"
ICON = REPO / "resources" / "icon" / "sfumato.svg"
ICON_SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
# The frozen program looks at the name that it was started by; each of them has a manual.
PROGRAMS = {"sfumato": "sfumato", "sfumato-desktop": "sfumato", "sfumato-gpu": "sfumato-gpu"}

# What Qt, PyTorch and Python ask of the system; everything else comes along.
DEPENDS = (
    *(" | ".join(names) for names in QT_LIBRARIES.values()),
    *("libstdc++6", "libgcc-s1", "libexpat1", "zlib1g"),
)
SUGGESTS = ("python3-venv",)  # for sfumato-gpu
RECOMMENDS = ("fonts-dejavu-core | fonts-inter | fonts-noto-core",)


def build(frozen: Path, papers: Path, work: Path, version: str, out: Path) -> Path:
    """Write `out`/sfumato_VERSION_ARCH.deb and return it.

    frozen: the folder that PyInstaller made. papers: licence texts and the list of components.
    work: an empty folder for the tree. Raises SetupError when dpkg-deb is missing or fails.
    """
    if not shutil.which("dpkg-deb"):
        raise SetupError("A Debian package needs dpkg-deb; install the package dpkg.")
    root = work / "root"
    if root.exists():
        shutil.rmtree(root)
    _install(frozen, papers, root)
    architecture = _output(["dpkg", "--print-architecture"])
    installed = sum(f.stat().st_size for f in root.rglob("*") if f.is_file() and not f.is_symlink())
    control = root / "DEBIAN"
    control.mkdir()
    oldest = f"libc6 (>= {oldest_glibc(frozen)})"
    (control / "control").write_text(
        _control(version, architecture, installed // 1024, (oldest, *DEPENDS)), encoding="utf-8"
    )
    _checksums(root, control / "md5sums")
    out.mkdir(parents=True, exist_ok=True)
    package = out / f"sfumato_{version}_{architecture}.deb"
    command = [
        "dpkg-deb",
        "--root-owner-group",
        "-Zxz",
        "-z9",  # its window spans a whole model: what a family shares is kept once
        "--build",
        str(root),
        str(package),
    ]
    if subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode:
        raise SetupError(f"dpkg-deb could not build {package}.")
    return package


def _install(frozen: Path, papers: Path, root: Path) -> None:
    """Put every file in its place below `root`."""
    share = root / "usr" / "share"
    shutil.copytree(frozen, root / "usr" / "lib" / "sfumato", symlinks=True)
    for program in PROGRAMS:
        link = root / "usr" / "bin" / program
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to("../lib/sfumato/sfumato")
    _copy(PARTS / "sfumato.desktop", share / "applications" / "sfumato.desktop")
    _copy(PARTS / "sfumato.xml", share / "mime" / "packages" / "sfumato.xml")
    _copy(PARTS / "sfumato.metainfo.xml", share / "metainfo" / "sfumato.metainfo.xml")
    _copy(PARTS / "lintian-overrides", share / "lintian" / "overrides" / "sfumato")
    for program, manual in PROGRAMS.items():
        content = (PARTS / f"{manual}.1").read_bytes()
        _compress(content, share / "man" / "man1" / f"{program}.1.gz")
    _icons(share / "icons" / "hicolor")
    documents = share / "doc" / "sfumato"
    shutil.copytree(papers, documents)
    _copyright(documents / "copyright")
    _compress((REPO / "CHANGELOG.md").read_bytes(), documents / "changelog.gz")
    for path in [root, *root.rglob("*")]:
        if path.is_symlink():
            continue
        runs = path.is_dir() or path == root / "usr" / "lib" / "sfumato" / "sfumato"
        path.chmod(0o755 if runs else 0o644)


def oldest_glibc(frozen: Path) -> str:
    """The oldest version of the C library that every program and library in `frozen` runs with."""
    newest = (0, 0)
    for path in frozen.rglob("*"):
        if path.is_file() and not path.is_symlink() and (".so" in path.name or not path.suffix):
            for minor in re.findall(rb"GLIBC_2\.(\d+)\b", path.read_bytes()):
                newest = max(newest, (2, int(minor)))
    return f"{newest[0]}.{newest[1]}"


def _icons(folder: Path) -> None:
    """The icon itself and as PNGs; Qt draws them."""
    _copy(ICON, folder / "scalable" / "apps" / "sfumato.svg")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    renderer = QSvgRenderer(str(ICON))
    for size in ICON_SIZES:
        image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        painter = QPainter(image)
        renderer.render(painter, QRectF(0, 0, size, size))
        painter.end()
        target = folder / f"{size}x{size}" / "apps" / "sfumato.png"
        target.parent.mkdir(parents=True)
        image.save(str(target))


def _copyright(path: Path) -> None:
    path.write_text(
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
        "Upstream-Name: Sfumato\n"
        "Source: the folder that this package was built from\n"
        "Comment: The components that come along, and their licences, are listed in\n"
        " /usr/share/doc/sfumato/components.cdx.json; their texts are in\n"
        " /usr/share/doc/sfumato/licences.\n\n"
        "Files: *\nCopyright: 2026 the Sfumato developers\nLicense: Apache-2.0\n"
        " On Debian systems the licence is in /usr/share/common-licenses/Apache-2.0.\n",
        encoding="utf-8",
    )


def _control(version: str, architecture: str, kibibytes: int, depends: tuple[str, ...]) -> str:
    return (
        f"Package: sfumato\nVersion: {version}\nArchitecture: {architecture}\n"
        "Maintainer: The Sfumato developers <team@sfumato.invalid>\n"
        f"Installed-Size: {kibibytes}\n"
        f"Depends: {', '.join(depends)}\nRecommends: {', '.join(RECOMMENDS)}\n"
        f"Suggests: {', '.join(SUGGESTS)}\n"
        "Section: graphics\nPriority: optional\n"
        "Description: picture editor that runs diffusion models locally\n"
        " Sfumato rewrites pictures with diffusion models on the user's own machine:\n"
        " mask and fill, extend the frame, swap words of the prompt on a real picture,\n"
        " restyle, restore. It needs no network and comes with a small model of its own.\n"
        " .\n"
        " sfumato-gpu sets up a second engine, for a graphics card, in the user's folder.\n"
    )


def _checksums(root: Path, target: Path) -> None:
    files = sorted(
        path
        for path in root.rglob("*")
        if path.is_file() and not path.is_symlink() and "DEBIAN" not in path.parts
    )
    names = [str(path.relative_to(root)) for path in files]
    done = subprocess.run(
        ["md5sum", "--", *names], cwd=root, capture_output=True, text=True, check=True
    )
    target.write_text(done.stdout, encoding="utf-8")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _compress(content: bytes, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(content, 9, mtime=0))


def _output(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
