"""What a user should know about an edit that can be made, but may not be what was meant."""

from collections.abc import Iterator

from core.attention.word_alignment import unread
from core.models.latent_model import LatentModel
from core.request import EditRequest
from core.settings import Job, LEditsPPSettings, WordSettings

_SHOWN_WORDS = 12


def notices(request: EditRequest, model: LatentModel) -> Iterator[str]:
    """One line for each thing, with its remedy."""
    if not model.abilities.prompts and any(prompt.strip() for prompt in _prompts(request)):
        yield (
            f"{model.name or 'this model'} reads no prompts, so the prompt changes nothing; "
            "leave it empty, or choose another model."
        )
    for prompt in dict.fromkeys(_prompts(request)):
        words = unread(model.tokenizer, prompt)
        if words:
            shown = " ".join(words[:_SHOWN_WORDS])
            more = len(words) - _SHOWN_WORDS
            rest = f" and {more} more" if more > 0 else ""
            yield (
                f"{model.name or 'this model'} reads {model.tokenizer.model_max_length - 2} tokens "
                f"of a prompt, so these words are left out: “{shown}”{rest}; shorten the prompt."
            )
    if _changes_nothing(request):
        yield (
            "the target prompt is the source prompt, so the result is the picture's "
            "reconstruction; say what should be another."
        )


def _prompts(request: EditRequest) -> Iterator[str]:
    yield request.source_prompt
    yield request.target_prompt
    if isinstance(request.settings, LEditsPPSettings):
        yield from (edit.prompt for edit in request.settings.edits)


def _changes_nothing(request: EditRequest) -> bool:
    """A swap from a prompt to itself, with no word weighed, no edit named and no second model.

    At the source's own guidance it is not remarked on: that is how a reconstruction is asked for.
    """
    settings = request.settings
    if settings.job is not Job.SWAP:
        return False
    if isinstance(settings, WordSettings) and settings.weights:
        return False
    if isinstance(settings, LEditsPPSettings) and settings.edits:
        return False
    if getattr(settings, "target_model", ""):
        return False
    if request.guidance_scale == getattr(settings, "source_guidance_scale", 1.0):
        return False
    return request.source_prompt.split() == request.target_prompt.split()
