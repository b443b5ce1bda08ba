"""The Debian packages that Qt needs to open a window, and how to get the missing ones.

Only the standard library, and nothing here fails: a machine that lacks a library is told so, and
the set-up goes on, since Qt itself names what it cannot find.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys

# Read off the NEEDED entries of PySide6's QtCore, QtGui, QtWidgets, its offscreen, xcb and wayland
# plugins: each library, and the names that its Debian package has in different releases.
QT_LIBRARIES: dict[str, tuple[str, ...]] = {
    "libglib-2.0.so.0": ("libglib2.0-0", "libglib2.0-0t64"),
    "libEGL.so.1": ("libegl1",),
    "libGL.so.1": ("libgl1",),
    "libfontconfig.so.1": ("libfontconfig1",),
    "libfreetype.so.6": ("libfreetype6",),
    "libdbus-1.so.3": ("libdbus-1-3",),
    "libX11.so.6": ("libx11-6",),
    "libX11-xcb.so.1": ("libx11-xcb1",),
    "libxkbcommon.so.0": ("libxkbcommon0",),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0",),
    "libxcb-cursor.so.0": ("libxcb-cursor0",),
    "libxcb-icccm.so.4": ("libxcb-icccm4",),
    "libxcb-image.so.0": ("libxcb-image0",),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1",),
    "libxcb-randr.so.0": ("libxcb-randr0",),
    "libxcb-render.so.0": ("libxcb-render0",),
    "libxcb-render-util.so.0": ("libxcb-render-util0",),
    "libxcb-shape.so.0": ("libxcb-shape0",),
    "libxcb-shm.so.0": ("libxcb-shm0",),
    "libxcb-sync.so.1": ("libxcb-sync1",),
    "libxcb-util.so.1": ("libxcb-util1",),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0",),
    "libxcb-xkb.so.1": ("libxcb-xkb1",),
    "libwayland-client.so.0": ("libwayland-client0",),
    "libwayland-cursor.so.0": ("libwayland-cursor0",),
}
# Any one of these draws Korean; the first is the smallest (10 MB) and the one that is installed.
KOREAN_FONTS: tuple[str, ...] = (
    "fonts-nanum",
    "fonts-noto-cjk",
    "fonts-noto-cjk-extra",
    "fonts-unfonts-core",
    "fonts-baekmuk",
)


def parse_installed(dpkg_output: str) -> set[str]:
    """Names from lines of ``name<TAB>status`` that dpkg-query calls installed."""
    rows = (line.split("\t") for line in dpkg_output.splitlines())
    return {row[0] for row in rows if len(row) == 2 and row[1].strip() == "installed"}


def missing_packages(installed: set[str], korean_font: bool) -> list[str]:
    """What to install, given what is there; `korean_font`: some font already draws Korean."""
    missing = [names[0] for names in QT_LIBRARIES.values() if not installed.intersection(names)]
    if not korean_font and not installed.intersection(KOREAN_FONTS):
        missing.append(KOREAN_FONTS[0])
    return missing


def apt_commands(packages: list[str], is_root: bool) -> list[list[str]]:
    """The two apt-get calls that install `packages`, with sudo in front for anyone but root."""
    sudo = [] if is_root else ["sudo"]
    apt = [*sudo, "apt-get", "-o", "DPkg::Lock::Timeout=300"]
    return [
        [*apt, "update", "-q"],
        [*apt, "install", "-y", "-q", "--no-install-recommends", *packages],
    ]


def installed_packages() -> set[str]:
    """Which of the packages that matter here are installed, by dpkg's own word."""
    names = [name for row in (*QT_LIBRARIES.values(), KOREAN_FONTS) for name in row]
    query = ["dpkg-query", "-W", "-f", "${Package}\\t${db:Status-Status}\\n", *names]
    found = subprocess.run(query, capture_output=True, text=True, check=False)
    return parse_installed(found.stdout)


def has_korean_font() -> bool:
    """True where fontconfig knows a font that draws Korean, however it was installed."""
    if not shutil.which("fc-list"):
        return False
    fonts = subprocess.run(["fc-list", ":lang=ko"], capture_output=True, text=True, check=False)
    return bool(fonts.stdout.strip())


def ensure_libraries() -> None:
    """Install what Qt lacks on Debian and its kin; elsewhere say what it needs and go on."""
    if not sys.platform.startswith("linux"):
        return
    if not (shutil.which("dpkg-query") and shutil.which("apt-get")):
        _report_missing_libraries()
        return
    packages = missing_packages(installed_packages(), has_korean_font())
    if packages:
        apt_install(packages, "Qt's window, and Korean text,")


def _report_missing_libraries() -> None:
    """On a distribution whose package names are not known here: name what Qt will miss."""
    missing = [library for library in QT_LIBRARIES if not _loads(library)]
    if missing:
        print(f"Qt's window needs libraries that were not found here: {' '.join(missing)}")
        print("Install them with your system's package manager if the window does not open.")


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def apt_install(packages: list[str], purpose: str) -> bool:
    """Install Debian `packages`: at once as root, after asking otherwise. True when it worked."""
    is_root = os.geteuid() == 0
    commands = apt_commands(packages, is_root)
    print(f"{purpose} needs: {' '.join(packages)}")
    if not is_root and not _may_use_sudo(commands):
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in commands:
        # an update may fail offline while the package lies in apt's cache: try the install anyway
        done = _run_quietly(command, environment)
        if not done and "install" in command:
            print(f"That did not work; go on without. By hand: {' '.join(command)}")
            return False
    return True


def _may_use_sudo(commands: list[list[str]]) -> bool:
    line = " && ".join(" ".join(command) for command in commands)
    print(f"Installing them takes this command:\n    {line}")
    if not (sys.stdin and sys.stdin.isatty() and shutil.which("sudo")):
        print("Nobody to ask for a password here: going on without; run it when you can.")
        return False
    return input("Run it now? [Y/n] ").strip().lower() in ("", "y", "yes")


def _run_quietly(command: list[str], environment: dict[str, str]) -> bool:
    """Run `command`; show what it said only when it failed."""
    print("+ " + " ".join(command), flush=True)
    done = subprocess.run(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        print("\n".join(done.stdout.splitlines()[-8:]))
    return done.returncode == 0
