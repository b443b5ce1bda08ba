"""Make Sfumato.app, and a disk image of it, out of the frozen program. Not yet run: macOS only.

    python packaging/macos/make_app.py dist/sfumato 0.1.0 --out dist [--sign IDENTITY]

The frozen folder goes into Contents/MacOS as it is. `codesign` signs it, with an identity or, for
this machine alone, without one; `hdiutil` makes the image. An app that others download must be
notarised by its publisher as well (`xcrun notarytool submit`), which needs their account.
"""

from __future__ import annotations

import argparse
import plistlib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

IDENTIFIER = "io.github.sfumato_editor.sfumato"
PICTURES = ("public.png", "public.jpeg", "public.tiff", "org.webmproject.webp", "com.microsoft.bmp")
OLDEST_SYSTEM = "13.0"


def information(version: str) -> dict[str, Any]:
    """What Info.plist says: names, version, and the types of files that it opens."""
    return {
        "CFBundleIdentifier": IDENTIFIER,
        "CFBundleName": "Sfumato",
        "CFBundleDisplayName": "Sfumato",
        "CFBundleExecutable": "sfumato-desktop",
        "CFBundleIconFile": "sfumato.icns",
        "CFBundlePackageType": "APPL",
        "CFBundleShortVersionString": version,
        "CFBundleVersion": version,
        "CFBundleLocalizations": ["en", "ko"],
        "LSMinimumSystemVersion": OLDEST_SYSTEM,
        "LSApplicationCategoryType": "public.app-category.photography",
        "NSHighResolutionCapable": True,
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "Sfumato document",
                "CFBundleTypeRole": "Editor",
                "LSItemContentTypes": [f"{IDENTIFIER}.document"],
                "LSHandlerRank": "Owner",
            },
            {
                "CFBundleTypeName": "Picture",
                "CFBundleTypeRole": "Editor",
                "LSItemContentTypes": list(PICTURES),
                "LSHandlerRank": "Alternate",
            },
        ],
        "UTExportedTypeDeclarations": [
            {
                "UTTypeIdentifier": f"{IDENTIFIER}.document",
                "UTTypeDescription": "Sfumato document",
                "UTTypeConformsTo": ["public.data", "public.zip-archive"],
                "UTTypeTagSpecification": {"public.filename-extension": ["sfumato"]},
            }
        ],
    }


def lay_out(frozen: Path, version: str, app: Path, icon: Path | None) -> None:
    """Write the bundle's folders; `icon` is an .icns file."""
    if app.exists():
        shutil.rmtree(app)
    programs = app / "Contents" / "MacOS"
    shutil.copytree(frozen, programs, symlinks=True)
    if not (programs / "sfumato-desktop").exists():  # one program, told apart by its name
        shutil.copy2(programs / "sfumato", programs / "sfumato-desktop")
    (app / "Contents" / "Resources").mkdir()
    if icon is not None:
        shutil.copyfile(icon, app / "Contents" / "Resources" / "sfumato.icns")
    with (app / "Contents" / "Info.plist").open("wb") as file:
        plistlib.dump(information(version), file)


def make_icon(picture: Path, work: Path) -> Path:
    """An .icns file out of a PNG of 1024 x 1024, by macOS's own tools."""
    folder = work / "sfumato.iconset"
    folder.mkdir(parents=True, exist_ok=True)
    for size in (16, 32, 128, 256, 512):
        for scale, name in ((1, f"icon_{size}x{size}.png"), (2, f"icon_{size}x{size}@2x.png")):
            side = str(size * scale)
            command = ["sips", "-z", side, side, str(picture), "--out", str(folder / name)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    target = work / "sfumato.icns"
    subprocess.run(["iconutil", "-c", "icns", str(folder), "-o", str(target)], check=True)
    return target


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("frozen", type=Path)
    parser.add_argument("version")
    parser.add_argument("--out", type=Path, default=Path("dist"))
    parser.add_argument("--icon", type=Path, help="a PNG of 1024 x 1024")
    parser.add_argument("--sign", default="-", help="an identity of the keychain")
    options = parser.parse_args()
    if sys.platform != "darwin":
        print("Bundles are signed and packed by tools that only macOS has.", file=sys.stderr)
        return 1
    app = options.out / "Sfumato.app"
    icon = make_icon(options.icon, options.out / "icon") if options.icon else None
    lay_out(options.frozen, options.version, app, icon)
    sign = ["codesign", "--force", "--deep", "--options", "runtime", "--sign", options.sign]
    subprocess.run([*sign, str(app)], check=True)
    image = options.out / f"sfumato-{options.version}.dmg"
    command = ["hdiutil", "create", "-volname", "Sfumato", "-srcfolder", str(app), "-ov"]
    subprocess.run([*command, "-format", "UDZO", str(image)], check=True)
    print(image)
    return 0


if __name__ == "__main__":
    sys.exit(main())
