"""Opens one of our documents in another program's OpenRaster reader, and compares what it sees.

    python packaging/open_elsewhere.py                    pyora, in an environment made for it
    python packaging/open_elsewhere.py --python PYTHON    pyora in an environment that has it

Writes a document with layers of every kind, hands it to pyora in another process, and compares
names, places, opacities, visibility, every pixel, and how pyora composites the layers. Needs the
network once, for pip.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
_ROUNDING = 2  # each program rounds in its own way
READER = """
import json, sys
import numpy as np
from pyora import Project, TYPE_LAYER
project = Project.load(sys.argv[1])
seen = []
for child in project.children_recursive:
    if child.type == TYPE_LAYER:
        raw = child.get_image_data(raw=True).convert("RGBA")
        np.save(f"{sys.argv[2]}/{len(seen)}.npy", np.asarray(raw))
        seen.append([child.name, list(child.offsets), child.opacity, not child.hidden])
for name, stored in (("merged", True), ("rendered", False)):
    image = project.get_image_data(use_original=stored).convert("RGBA")
    np.save(f"{sys.argv[2]}/{name}.npy", np.asarray(image))
print(json.dumps({"size": list(project.dimensions), "layers": seen}))
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--python", type=Path, help="an interpreter that can import pyora")
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        python = options.python or _environment(folder / "environment")
        wrong = _compare(folder, python)
    for line in wrong:
        print(f"wrong: {line}")
    print("pyora sees another document" if wrong else "pyora sees the same document")
    return 1 if wrong else 0


def _environment(folder: Path) -> Path:
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", "pyora"], check=True)
    return python


def _compare(folder: Path, python: Path) -> list[str]:
    """What pyora sees otherwise than it was written."""
    from core.documents import openraster
    from core.documents.document import StoredDocument, StoredLayer
    from core.documents.flatten import flatten

    random = np.random.default_rng(2026)

    def noise(*shape: int) -> np.ndarray:
        return random.integers(0, 256, shape, np.uint8)

    document = StoredDocument(
        width=96,
        height=64,
        layers=(
            StoredLayer("Ground", noise(64, 96, 3)),
            StoredLayer("Result", noise(20, 30, 3), noise(20, 30), x=7, y=11, kind="result"),
            StoredLayer("획 & <strokes>", noise(9, 40, 3), noise(9, 40), x=60, y=50, opacity=0.4),
            StoredLayer("Hidden", noise(64, 96, 3), visible=False),
        ),
        mask=noise(64, 96),
        panel={"source": "a meadow"},
    )
    path = folder / "document.ora"
    openraster.write(path, document)
    answer = subprocess.run(
        [str(python), "-c", READER, str(path), str(folder)],
        check=True,
        capture_output=True,
        text=True,
    )
    seen = json.loads(answer.stdout)
    print(json.dumps(seen, ensure_ascii=False, indent=1))
    wrong = []
    if seen["size"] != [96, 64]:
        wrong.append(f"the canvas has {seen['size']} pixels")
    if len(seen["layers"]) != len(document.layers):
        return [*wrong, f"there are {len(seen['layers'])} layers"]
    by_name = {one[0]: (at, one) for at, one in enumerate(seen["layers"])}
    for layer in document.layers:
        at, one = by_name.get(layer.name, (-1, []))
        if at < 0:
            wrong.append(f"there is no layer “{layer.name}”")
            continue
        expected = [layer.name, [layer.x, layer.y], layer.opacity, layer.visible]
        if one != expected:
            wrong.append(f"“{layer.name}” is {one[1:]}, not {expected[1:]}")
        if not np.array_equal(np.load(folder / f"{at}.npy"), _rgba(layer.pixels, layer.alpha)):
            wrong.append(f"“{layer.name}” has other pixels")
    looks = _rgba(*flatten(document))
    if not np.array_equal(np.load(folder / "merged.npy"), looks):
        wrong.append("the merged picture has other pixels")
    rendered = np.load(folder / "rendered.npy").astype(int)
    furthest = int(np.abs(rendered - looks).max())
    print(f"pyora's own compositing differs by at most {furthest} of 255")
    if furthest > _ROUNDING:
        wrong.append("the layers look otherwise together")
    return wrong


def _rgba(pixels: np.ndarray, alpha: np.ndarray | None) -> np.ndarray:
    full = np.full(pixels.shape[:2], 255, np.uint8)
    return np.dstack([pixels, full if alpha is None else alpha])


if __name__ == "__main__":
    sys.exit(main())
