"""Try a Debian package where nothing else is: install, fill a mask by keyboard, save, remove.

    sudo python3 packaging/try_package.py dist/sfumato_0.1.0_amd64.deb [--root DIR] [--mirror URL]

Makes a clean Debian 12 in DIR (build/clean-root) by debootstrap, with the package's dependencies, a
virtual screen and a tool that presses keys; that much is fetched. From there on there is no network
(`unshare -n`). Says what it saw, and fails where the edit is wrong or anything is left behind.
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
EXTRA = ("xvfb", "xdotool", "x11-utils", "xauth", "fonts-dejavu-core")
# What dpkg and the user's own session may change; all else must be as it was.
NOT_LOOKED_AT = ("root", "tmp", "run", "proc", "sys", "dev", "var/lib/dpkg", "var/log", "var/cache")

FILL = r"""
set -eu
export DISPLAY=:9 HOME=/root XDG_RUNTIME_DIR=/tmp
mkdir -p /root/pictures
cp /usr/lib/sfumato/lib/resources/samples/orchard.png /root/pictures/picture.png
Xvfb :9 -screen 0 1400x900x24 >/tmp/xvfb.log 2>&1 &
screen=$!
sleep 2
started=$(date +%s.%N)
sfumato-desktop /root/pictures/picture.png >/tmp/sfumato.log 2>&1 &
program=$!
window=$(timeout 60 xdotool search --sync --onlyvisible --name 'picture' | head -1)
echo "window after $(echo "$(date +%s.%N) - $started" | bc) s"
xdotool windowfocus "$window"
sleep 4
press() { xdotool key --clearmodifiers "$1"; sleep 0.7; }
press ctrl+shift+f
press ctrl+a
press ctrl+l
xdotool type --delay 40 'a red apple'
sleep 0.5
press ctrl+Return
for second in $(seq 180); do
    sleep 1
    xwd_title=$(xdotool getwindowname "$window")
    if [ "$second" -gt 20 ]; then break; fi
done
press ctrl+shift+Return
press ctrl+s
sleep 4
press ctrl+q
sleep 3
kill "$program" 2>/dev/null || true
kill "$screen" 2>/dev/null || true
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
    for program in NEEDED:
        if not shutil.which(program):
            raise SetupError(f"{program} is missing; install the package of that name.")
    if not root.exists():
        _make_root(package, root, mirror)
    before = _files(root)
    shutil.copyfile(package, root / "tmp" / "sfumato.deb")
    began = time.monotonic()
    _inside(root, "dpkg -i /tmp/sfumato.deb")
    print(f"installed without a network in {time.monotonic() - began:.0f} s")
    source = root / "usr/lib/sfumato/lib/resources/samples/orchard.png"
    original = source.read_bytes()
    print(_inside(root, FILL).strip())
    saved = (root / "root/pictures/picture.png").read_bytes()
    if saved == original or b"sfumato" not in saved:
        raise SetupError("The picture was not edited; see /tmp/sfumato.log in the root.")
    print("a fill by keyboard, saved with its recipe")
    _inside(root, "dpkg -P sfumato && rm -f /tmp/sfumato.deb")
    left = sorted(_files(root) - before)
    if left:
        raise SetupError(f"{len(left)} files were left behind, first of all {left[0]}.")
    print("removed; nothing is left outside the user's folders")
    return 0


def _make_root(package: Path, root: Path, mirror: str) -> None:
    done = subprocess.run(
        ["dpkg-deb", "-f", str(package), "Depends"], capture_output=True, text=True, check=True
    )
    wanted = [part.split("|")[0].split("(")[0].strip() for part in done.stdout.split(",")]
    include = ",".join([*wanted, *EXTRA, "bc"])
    command = ["debootstrap", "--variant=minbase", f"--include={include}", "bookworm", str(root)]
    if subprocess.run([*command, *([mirror] if mirror else [])], check=False).returncode:
        raise SetupError(f"debootstrap failed; remove {root} before the next try.")


def _inside(root: Path, script: str) -> str:
    """Run a shell script in the root, with no network but the loopback of nobody."""
    command = ["unshare", "-n", "--mount", "--pid", "--fork", "bash", "-c"]
    mounts = f"mount -t proc proc {root}/proc && mount --bind /dev {root}/dev"
    mounts += f' && mkdir -p {root}/dev/shm && exec chroot {root} bash -c "$1"'
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
