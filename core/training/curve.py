"""Loss curves as pictures: every loss of a run's log over its steps, on a logarithmic axis."""

import csv
from pathlib import Path

import cv2
import numpy as np

WIDTH, HEIGHT, MARGIN = 960, 480, 56
COLOURS = [(64, 112, 232), (160, 128, 48), (80, 160, 80), (160, 80, 160), (120, 120, 120)]


def draw_curve(log: Path, picture: Path) -> None:
    """Read `log` (CSV with columns step, minutes, rate, losses...) and write `picture` (PNG)."""
    if not log.exists():
        return
    with log.open(newline="") as file:
        rows = list(csv.DictReader(file))
    if len(rows) < 2:
        return
    names = [name for name in rows[0] if name not in ("step", "minutes", "rate")]
    steps = np.array([float(row["step"]) for row in rows])
    series = {n: np.array([max(float(row[n] or "nan"), 1e-9) for row in rows]) for n in names}
    series = {n: v for n, v in series.items() if np.isfinite(v).any()}  # some begin late
    low = np.log10(min(np.nanmin(v) for v in series.values()))
    high = np.log10(max(np.nanmax(v) for v in series.values())) + 1e-6
    canvas = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    _draw_axis(canvas, low, high, steps)
    for index, (name, values) in enumerate(series.items()):
        colour = COLOURS[index % len(COLOURS)]
        x = MARGIN + (steps - steps[0]) / (steps[-1] - steps[0]) * (WIDTH - 2 * MARGIN)
        y = _height(np.log10(values), low, high)
        known = np.isfinite(y)
        points = np.stack([x, y], axis=1)[known].round().astype(np.int32)
        cv2.polylines(canvas, [points], False, colour, 2, cv2.LINE_AA)
        text = f"{name} {values[-1]:.4g}"
        _write(canvas, text, (WIDTH - MARGIN - 170, MARGIN + 20 * index), colour)
    encoded, data = cv2.imencode(".png", canvas)
    if encoded:
        picture.write_bytes(data.tobytes())


def _height(value: np.ndarray, low: float, high: float) -> np.ndarray:
    return HEIGHT - MARGIN - (value - low) / (high - low) * (HEIGHT - 2 * MARGIN)


def _draw_axis(canvas: np.ndarray, low: float, high: float, steps: np.ndarray) -> None:
    for value in np.linspace(low, high, 5):
        y = int(_height(np.array(value), low, high))
        cv2.line(canvas, (MARGIN, y), (WIDTH - MARGIN, y), (225, 225, 225), 1)
        _write(canvas, f"{10**value:.3g}", (4, y + 4), (90, 90, 90))
    _write(canvas, f"steps {steps[0]:.0f} to {steps[-1]:.0f}", (MARGIN, HEIGHT - 20), (90, 90, 90))


def _write(
    canvas: np.ndarray, text: str, place: tuple[int, int], colour: tuple[int, int, int]
) -> None:
    cv2.putText(canvas, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.42, colour, 1, cv2.LINE_AA)
