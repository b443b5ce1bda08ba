"""What the second prompt on a picture costs, and a step once the source has left the batch.

Network evaluations are counted in rows: a batch of four is four, since that is what it costs. Both
halves of a ratio come from the same round, one right after the other; the median of the rounds is
told.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from core.errors import RequestError
from core.events import Finished, Progress
from core.inversion.cache import InversionCache
from core.methods import settings_types
from core.methods.auto import FILE, read_figures, settings_of
from core.models.latent_model import LatentModel
from core.request import EditRequest
from core.run import run_edit
from core.settings import AutoSettings, PromptToPromptSettings, Settings, SwapSettings


@dataclass(frozen=True)
class Cost:
    """rows and seconds of an edit; steps: (rows, seconds) of each step down."""

    rows: int
    seconds: float
    steps: Sequence[tuple[int, float]]


@dataclass(frozen=True)
class Comparison:
    """One method's costs; ratios of rows and of seconds, medians over the rounds.

    levels: rows of a step down, from the first step on, each once: fewer once the source has left
    the batch, fewer again once the target is no longer guided. step: the first step of the second
    level over the last of the first, in rows; step_seconds: in time; None where all are alike.
    """

    method: str
    first_rows: int
    second_rows: int
    first_seconds: float
    second_seconds: float
    seconds: float
    levels: tuple[int, ...]
    step_seconds: float | None

    @property
    def rows(self) -> float:
        """The second prompt's rows over the first's."""
        return self.second_rows / self.first_rows

    @property
    def step(self) -> float | None:
        return self.levels[1] / self.levels[0] if len(self.levels) > 1 else None


def measure(request: EditRequest, model: LatentModel, inversions: InversionCache) -> Cost:
    """Run an edit; previews are not in its steps' seconds."""
    steps: list[tuple[int, float]] = []
    events = run_edit(request, model, inversions)
    while True:
        rows, start = model.network_evaluations, time.perf_counter()
        event = next(events)
        if isinstance(event, Progress) and event.phase == "sample":
            steps.append((model.network_evaluations - rows, time.perf_counter() - start))
        if isinstance(event, Finished):
            return Cost(event.network_evaluations, event.seconds, steps)


def compare(
    name: str, first: EditRequest, second: EditRequest, model: LatentModel, rounds: int
) -> Comparison:
    """Two prompts on one picture, the second with what the first has kept. Raises RequestError."""
    pairs = []
    for _ in range(rounds):
        inversions = InversionCache()
        pairs.append((measure(first, model, inversions), measure(second, model, inversions)))
    one, two = pairs[0]
    levels = tuple(dict.fromkeys(rows for rows, _ in one.steps))
    drop = levels[:2] if len(levels) > 1 else None
    return Comparison(
        method=name,
        first_rows=one.rows,
        second_rows=two.rows,
        first_seconds=median(a.seconds for a, _ in pairs),
        second_seconds=median(b.seconds for _, b in pairs),
        seconds=median(b.seconds / a.seconds for a, b in pairs),
        levels=levels,
        step_seconds=median(_step(b, drop[1]) / _step(b, drop[0]) for _, b in pairs)
        if drop
        else None,
    )


def compare_all(
    methods: Mapping[str, Settings],
    first: EditRequest,
    targets: tuple[str, str],
    model: LatentModel,
    rounds: int,
) -> Iterator[Comparison | str]:
    """Each method's comparison under the two targets, or why the model has none."""
    for name, settings in methods.items():
        one, two = (first.with_(settings=settings, target_prompt=target) for target in targets)
        try:
            yield compare(name, one, two, model, rounds)
        except RequestError as error:
            yield f"{name}: {error}"


def swap_methods() -> dict[str, Settings]:
    """Every registered swap method under its own defaults, by name, and what else Auto takes.

    Prompt-to-Prompt also with guidance that ends with the injection, so that a step goes from three
    rows to one.
    """
    methods: dict[str, Settings] = {
        name: kind()
        for name, kind in settings_types().items()
        if issubclass(kind, SwapSettings) and kind is not AutoSettings  # it is one of the others
    }
    held = PromptToPromptSettings(cross_steps=0.5, guided_steps=0.5)
    methods[f"{held.name}, guided while held"] = held
    for measured in read_figures(FILE).values():
        for kind, best in measured.best.items():
            if (settings := settings_of(best)) not in methods.values():
                methods[f"auto: {kind}"] = settings
    return methods


HEADER = (
    f"{'method':38} {'rows':>9} {'ratio':>6} {'seconds':>12} {'ratio':>6} "
    f"{'rows of a step':>15} {'ratio':>6} {'in time':>8}"
)


def line(found: Comparison) -> str:
    """One row of the table under `HEADER`."""
    rows = f"{found.first_rows}, {found.second_rows}"
    seconds = f"{found.first_seconds:.2f}, {found.second_seconds:.2f}"
    steps = ", ".join(str(level) for level in found.levels)
    ratio, in_time = (
        "-" if value is None else f"{value:.2f}" for value in (found.step, found.step_seconds)
    )
    return (
        f"{found.method:38} {rows:>9} {found.rows:>6.2f} {seconds:>12} {found.seconds:>6.2f} "
        f"{steps:>15} {ratio:>6} {in_time:>8}"
    )


def _step(cost: Cost, rows: int) -> float:
    """Seconds of a step of so many rows, the median."""
    return median(seconds for count, seconds in cost.steps if count == rows)
