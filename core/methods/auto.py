"""Auto: the method and settings that the benchmark found best for such a pair of prompts.

`sfumato bench edits --write-auto` measures every method on edits whose true results are known, and
writes the best for each kind of change (`core.attention.prompt_change`) to auto.json. How it
chooses is told in `core/evaluation/choosing.py`. Here the choice is looked up; `run_edit` puts it
in Auto's place before anything runs, so that the recipe holds what was done and a replay is exact,
whatever auto.json says by then.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from core.attention.prompt_change import prompt_change
from core.errors import DataError
from core.settings import AutoSettings, DDIMSwapSettings, FlowEditSettings, PictureSettings
from core.settings.strength import inversion_strength, with_inversion_strength

if TYPE_CHECKING:
    from core.methods import Described
    from core.methods.task import Task
    from core.models.latent_model import Prediction
    from core.sampling.solvers import State

FILE = Path(__file__).parent / "auto.json"
ANY = "any change"
Family = Literal["noise", "flow"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Best(_Part):
    """The best for one kind of change, and its figures beside those of a plain DDIM swap.

    settings: those that are not the method's defaults. edits: how many it was chosen from.
    kept: PSNR of the kept region in dB; agreement: CLIP similarity with the target prompt.
    """

    method: str
    settings: dict[str, Any] = {}
    edits: int = Field(ge=1)
    kept: float | None
    agreement: float
    plain_kept: float | None
    plain_agreement: float


class Measured(_Part):
    """What one run of the benchmark found: by kind of change, and for `ANY` change."""

    model: str
    fingerprint: str
    seed: int
    steps: int
    guidance_scale: float
    best: dict[str, Best]


Figures = dict[Family, Measured]
_FIGURES: TypeAdapter[Figures] = TypeAdapter(Figures)


@dataclass(frozen=True)
class Choice:
    """What Auto takes, and why, in one sentence for the user."""

    settings: PictureSettings
    reason: str


def family_of(prediction: "Prediction") -> Family:
    """The kind of model that figures hold for, by what its network predicts."""
    return "flow" if prediction == "flow" else "noise"


def choose(
    settings: AutoSettings,
    source: str,
    target: str,
    family: Family,
    figures: Figures | None = None,
    model: "Described | None" = None,
) -> Choice:
    """The benchmark's best for this change; a plain swap where it knows none that the model can do.

    figures: None for those of auto.json. Raises DataError when that file is damaged.
    """
    from core.methods import why_not

    measured = (read_figures(FILE) if figures is None else figures).get(family)
    if measured is None or not measured.best:
        return _plain(settings, family, f"the benchmark has not been run on a {family} model yet")
    change = prompt_change(source, target)
    kind = change.value if change is not None and change.value in measured.best else ANY
    best = measured.best[kind]
    chosen = _dialled(settings_of(best), settings)
    if model is not None and why_not(type(chosen), model) is not None:
        why = f"{best.method}, the best for this change ({kind}), is not for this model"
        return _plain(settings, family, why)
    return Choice(chosen, _reason(chosen, kind, best))


def _plain(settings: AutoSettings, family: Family, why: str) -> Choice:
    plain = FlowEditSettings() if family == "flow" else DDIMSwapSettings()
    return Choice(_dialled(plain, settings), f"Auto chose {plain.title} ({plain.name}): {why}.")


def auto(task: "Task") -> "Iterator[State]":
    """Yield the states of the chosen method."""
    from core.methods import method_for

    chosen = choose(
        cast(AutoSettings, task.settings),
        task.source_prompt,
        task.target_prompt,
        family_of(task.model.prediction),
        model=task.model,
    ).settings
    yield from method_for(chosen)(replace(task, settings=chosen))


@cache
def read_figures(path: Path) -> Figures:
    """The figures in a file; none if it does not exist. Raises DataError when it is damaged."""
    try:
        return _FIGURES.validate_json(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValidationError) as error:
        raise DataError(
            f"{path.name}, from which Auto chooses, cannot be read. Write it again with "
            "`sfumato bench edits --write-auto`, or choose a method."
        ) from error


def write_figures(path: Path, family: Family, measured: Measured) -> None:
    """Put what was measured into the file, beside what it says of the other family.

    Raises DataError when the file is damaged, SaveError when it cannot be written.
    """
    from core.imaging.atomic import write_atomically

    figures: Figures = {**read_figures(path), family: measured}
    content = _FIGURES.dump_python(figures, mode="json")
    text = json.dumps(content, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    write_atomically(path, text.encode())
    read_figures.cache_clear()


def settings_of(best: Best) -> PictureSettings:
    """The settings that stand in the file. Raises DataError when they are not known here."""
    from core.methods import settings_types

    kind = settings_types().get(best.method)
    try:
        if kind is None:
            raise ValueError(best.method)
        return cast(PictureSettings, kind.model_validate(best.settings))
    except ValueError as error:
        raise DataError(
            f"auto.json names {best.method} with settings that are not known here. Write it again "
            "with `sfumato bench edits --write-auto`, or choose a method."
        ) from error


def _dialled(best: PictureSettings, asked: AutoSettings) -> PictureSettings:
    """The best at Auto's own strength, whose middle is the best's: linear on both sides of it."""
    dial, measured = asked.inversion_strength, inversion_strength(best)
    below, above = 2 * min(dial, 0.5), 2 * max(dial - 0.5, 0.0)
    strength = below * measured + above * (1 - measured)
    if strength != measured:
        best = cast(PictureSettings, with_inversion_strength(best, min(strength, 1.0)))
    return best.model_copy(update={"blend": asked.blend})


def _reason(chosen: PictureSettings, kind: str, best: Best) -> str:
    edits = f"in {best.edits} benchmark edit{'s' if best.edits > 1 else ''} of this kind it "
    plain = "a plain DDIM swap"
    kept = f"agreed with the target by {best.agreement:.3f} ({plain}: {best.plain_agreement:.3f})"
    if best.kept is not None and best.plain_kept is not None:
        kept = (
            f"kept {best.kept:.1f} dB of what should stay, at an agreement of "
            f"{best.agreement:.3f} ({plain}: {best.plain_kept:.1f} dB, {best.plain_agreement:.3f})"
        )
    return (
        f"Auto chose {chosen.title} ({chosen.name}, inversion strength "
        f"{inversion_strength(chosen):.2f}): {kind}; {edits}{kept}."
    )
