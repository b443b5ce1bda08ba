"""Try a Debian package where nothing else is: install, fill a mask by keyboard, save, remove.

    sudo .venv/bin/python packaging/try_package.py dist/sfumato_0.1.0_amd64.deb [--root DIR]

Makes a clean Debian 12 in DIR (build/clean-root) by debootstrap, with the package's dependencies, a
virtual screen and a tool that presses keys; that much is fetched. From there on there is no network
(`unshare -n`). It waits for windows, titles and files, never for a time. Says what it saw, and
fails where the edit is wrong, anything changed outside the mask or anything is left behind.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
from pathlib import Path

from pip_calls import REPO, SetupError

NEEDED = ("debootstrap", "chroot", "unshare", "dpkg-deb")
EXTRA = ("xvfb", "xdotool", "xauth", "fonts-dejavu-core")
SAMPLES = "usr/lib/sfumato/lib/resources/samples"
# What dpkg and the user's own session may change; all else must be as it was.
NOT_LOOKED_AT = ("root", "tmp", "run", "proc", "sys", "dev", "var/lib/dpkg", "var/log", "var/cache")

# Pressed in the root. `wait_for` looks ten times a second for what is to become true, for 180 s.
KEYS = r"""
set -eu
export DISPLAY=:9 HOME=/root XDG_RUNTIME_DIR=/tmp/run LANG=C.UTF-8
# a user who was never here, and no screen of a try that was cut off
rm -rf /root/pictures /root/.local /root/.config /root/.cache /tmp/.X9-lock /tmp/.X11-unix/X9
mkdir -p -m 700 /tmp/run; mkdir -p /root/pictures
Xvfb :9 -screen 0 1400x900x24 -noreset >/tmp/xvfb.log 2>&1 &
screen=$!
trap 'kill $screen 2>/dev/null || true' EXIT
wait_for() {
    for _ in $(seq 1800); do
        if "${@:2}"; then return 0; fi
        sleep 0.1
    done
    echo "It did not come: $1. The program said:"; cat /tmp/sfumato.log || true; exit 1
}
find_window() {
    window=$(xdotool search --onlyvisible --name "$1" 2>/dev/null | head -1)
    [ -n "$window" ]
}
gone() { ! kill -0 "$1" 2>/dev/null; }
title_is() { [ "$(xdotool getwindowname "$main")" = "$1" ]; }
title_has() { case "$(xdotool getwindowname "$main")" in *"$1"*) true;; *) false;; esac; }
press() { xdotool key --clearmodifiers "$1"; }
start() {
    began=$(date +%s%N)
    sfumato-desktop "$1" >/tmp/sfumato.log 2>&1 &
    program=$!
    wait_for "the window" find_window "^$(basename "$1") — Sfumato$"
    took=$(( ($(date +%s%N) - began) / 1000000 ))
    computed=$(awk '{print ($14 + $15) * 10}' /proc/$program/stat)
    echo "start: $2 $took ms to a window with the picture, of which it computed for $computed ms"
    main=$window
    xdotool windowfocus --sync "$main"
}
applied() { press ctrl+shift+Return; title_has '*'; }
stop() { press ctrl+q; wait_for "the end of the program" gone $program; }

has_screen() { xdotool getdisplaygeometry >/dev/null 2>&1; }
wait_for "the screen" has_screen
start /SAMPLES/coffee.jpg first
press ctrl+shift+f
press ctrl+l
press ctrl+a
xdotool type --delay 20 'a plate with a red apple'
began=$(date +%s)
press ctrl+Return
wait_for "a result to apply" applied
echo "fill: $(( $(date +%s) - began )) s, with the model's loading"
press ctrl+s
wait_for "the dialog" find_window "^Save the picture"
xdotool windowfocus --sync "$window"
press ctrl+a
xdotool type --delay 20 '/root/pictures/filled.png'
press Return
wait_for "the saved file" title_is "filled.png — Sfumato"
xdotool windowfocus --sync "$main"
stop
for time in second third; do start /root/pictures/filled.png $time; stop; done
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("package", type=Path)
    parser.add_argument("--root", type=Path, default=REPO / "build" / "clean-root")
    parser.add_argument("--mirror", default="")
    options = parser.parse_args()
    try:
        return try_package(options.package.absolute(), options.root.absolute(), options.mirror)
    except SetupError as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1


def try_package(package: Path, root: Path, mirror: str) -> int:
    """All of it; 0, or SetupError with what was wrong."""
    for program in NEEDED:
        if not shutil.which(program):
            raise SetupError(f"{program} is missing; install the package of that name.")
    if not root.exists():
        _make_root(package, root, mirror)
    before = _files(root)
    shutil.copyfile(package, root / "tmp" / "sfumato.deb")
    began = time.monotonic()
    _inside(root, "dpkg -i /tmp/sfumato.deb")
    print(f"installed without a network in {time.monotonic() - began:.0f} s", flush=True)
    try:
        print(_inside(root, KEYS.replace("/SAMPLES", f"/{SAMPLES}")).strip(), flush=True)
        print(_compare(root))
    finally:
        _inside(root, "dpkg -P sfumato && rm -f /tmp/sfumato.deb")
    left = sorted(_files(root) - before)
    if left:
        raise SetupError(f"{len(left)} files were left behind, first of all {left[0]}.")
    print("removed; nothing is left outside the user's folders")
    return 0


def _compare(root: Path) -> str:
    """Hold the saved picture against the sample: other inside the mask, the same outside."""
    import numpy as np
    from PIL import Image

    saved_file = root / "root/pictures/filled.png"
    saved = np.asarray(Image.open(saved_file).convert("RGB"))
    original = np.asarray(Image.open(root / SAMPLES / "coffee.jpg").convert("RGB"))
    mask = np.asarray(Image.open(root / SAMPLES / "coffee-mask.png").convert("L")) > 0
    changed = (saved != original).any(axis=2)
    if changed[~mask].any():
        raise SetupError(f"{changed[~mask].sum()} pixels changed outside the mask.")
    if changed[mask].mean() < 0.5:
        raise SetupError(f"Only {changed[mask].mean():.0%} of the mask's pixels changed.")
    if b"red apple" not in saved_file.read_bytes():
        raise SetupError("The saved picture has no recipe with the prompt that was typed.")
    return (
        f"a fill by keyboard, saved with its recipe: {changed[mask].mean():.0%} of the mask's "
        "pixels changed, none outside it"
    )


def _make_root(package: Path, root: Path, mirror: str) -> None:
    done = subprocess.run(
        ["dpkg-deb", "-f", str(package), "Depends"], capture_output=True, text=True, check=True
    )
    wanted = [part.split("|")[0].split("(")[0].strip() for part in done.stdout.split(",")]
    command = ["debootstrap", "--variant=minbase", f"--include={','.join([*wanted, *EXTRA])}"]
    command += ["bookworm", str(root), *([mirror] if mirror else [])]
    if subprocess.run(command, check=False).returncode:
        raise SetupError(f"debootstrap failed; remove {root} before the next try.")


def _inside(root: Path, script: str) -> str:
    """Run a shell script in the root, with no network but the loopback of nobody."""
    command = ["unshare", "-n", "--mount", "--pid", "--fork", "bash", "-c"]
    mounts = f"mount -t proc proc {root}/proc && mount --bind /dev {root}/dev"
    mounts += f' && mkdir -p {root}/dev/shm && exec chroot {root} env -i PATH=$PATH bash -c "$1"'
    done = subprocess.run(
        [*command, mounts, "bash", script], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SetupError(f"It failed in the clean root:\n{done.stdout}{done.stderr}")
    return done.stdout


def _files(root: Path) -> set[str]:
    """All paths in the root but those that are not looked at."""
    prune = [part for name in NOT_LOOKED_AT for part in ("-path", f"./{name}", "-prune", "-o")]
    done = subprocess.run(
        ["find", ".", *prune, "-print"], cwd=root, capture_output=True, text=True, check=True
    )
    return set(done.stdout.splitlines())


if __name__ == "__main__":
    sys.exit(main())
