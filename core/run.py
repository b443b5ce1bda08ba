"""`run_edit`: one request in, events out. Encode, method, decode, composite."""

import time
from collections.abc import Generator, Sequence

import torch

from core.edit import Edit
from core.errors import OutOfMemoryError, RequestError, SamplingError
from core.events import EditEvent, Finished, Notice, Preview, Progress
from core.inspection.recorder import Recorder
from core.inversion.cache import InversionCache
from core.methods import method_for, why_not
from core.methods.auto import choose, family_of
from core.models.latent_model import LatentModel
from core.models.memory import is_lack_of_memory
from core.notices import notices
from core.previewing import Previews
from core.recipe import make_recipe
from core.request import EditRequest, Pixels
from core.restoration.run import run_restoration
from core.settings import AutoSettings, Job

HALF = (torch.float16, torch.bfloat16)


def run_edit(
    request: EditRequest,
    model: LatentModel,
    inversions: InversionCache | None = None,
    recorder: Recorder | None = None,
) -> Generator[EditEvent, None, None]:
    """Yield notices if there are any, Progress and Preview events and a Finished per variation.

    Variations go through the network in one batch where the method can, else one after the other;
    Progress counts the steps of all. Each Finished holds the request that makes it alone.
    Auto's settings give way to those that it chooses, in the Finished's request and recipe too.
    inversions: what earlier edits found out about their pictures, which is not found out again; the
    result is the same bit for bit with and without. recorder: looks into the edit (not into a
    restoration); its recording comes with the result. Closing the generator cancels the edit
    between two network steps. Where half precision leads to numbers that are not finite, the edit
    starts once more in float32. Raises RequestError for a method that the model cannot do or a word
    that is in no prompt, SamplingError when the numbers go wrong, OutOfMemoryError.
    """
    if isinstance(request.settings, AutoSettings):
        prompts = request.source_prompt, request.target_prompt
        choice = choose(request.settings, *prompts, family_of(model.prediction), model=model)
        yield Notice(choice.reason, choice=True)
        request = request.with_(settings=choice.settings, chosen_because=choice.reason)
    reason = why_not(type(request.settings), model)
    if reason is not None:
        raise RequestError(reason)
    for message in notices(request, model):
        yield Notice(message)
    inversions = InversionCache() if inversions is None else inversions
    all_variations = [request.variation(i) for i in range(request.variations)]
    # What is recorded is one edit.
    at_once = request.settings.batches and recorder is None
    batches = [all_variations] if at_once else [[one] for one in all_variations]
    try:
        done = steps = 0
        for index, batch in enumerate(batches):
            for event in _run_precisely(batch, model, inversions, recorder):
                if isinstance(event, Progress | Preview):
                    steps = event.steps
                    event = _of_all(event, done, len(batches) - index - 1)
                yield event
            done += steps
        return
    except (RuntimeError, MemoryError) as error:
        if not is_lack_of_memory(error):
            raise
    # Raised here, outside the except block, so that the failed step's tensors are free by now.
    fewer = "make fewer variations at once, " if at_once and request.variations > 1 else ""
    raise OutOfMemoryError(
        f"{model.device} has not enough memory for this edit. "
        f"Close other programs, {fewer}edit a smaller part or choose the CPU."
    )


def _of_all(event: Progress | Preview, done: int, batches: int) -> Progress | Preview:
    """The event with the steps that were `done` before, and those of as many `batches` to come."""
    step, steps = done + event.step, done + (1 + batches) * event.steps
    if isinstance(event, Preview):
        return Preview(event.picture, step, steps)
    left = event.seconds_left
    if left is not None and event.step < event.steps:
        left *= (steps - step) / (event.steps - event.step)
    return Progress(step, steps, event.phase, left)


def _run_precisely(
    requests: Sequence[EditRequest],
    model: LatentModel,
    inversions: InversionCache,
    recorder: Recorder | None,
) -> Generator[EditEvent, None, None]:
    """The edit, in float32 if half precision does not hold it."""

    def run() -> Generator[EditEvent, None, None]:
        if requests[0].settings.job is Job.RESTORE:
            return run_restoration(requests[0], model)
        return _run(requests, model, inversions, recorder)

    if model.dtype not in HALF:
        yield from run()
        return
    try:
        yield from run()
        return
    except SamplingError:
        pass
    # Outside the except block, so that the failed edit's tensors are free by now.
    kind = str(model.dtype).removeprefix("torch.")
    yield Notice(f"{kind} did not hold this edit's numbers; it is made once more in float32.")
    with model.in_float32():
        yield from run()


@torch.no_grad()
def _run(
    requests: Sequence[EditRequest],
    model: LatentModel,
    inversions: InversionCache,
    recorder: Recorder | None,
) -> Generator[EditEvent, None, None]:
    start = time.monotonic()
    evaluated = model.network_evaluations
    settings = requests[0].settings
    yield Progress(0, settings.network_steps(requests[0].steps), "encode")
    edit = Edit(requests, model, inversions)
    results = yield from _walked(edit, recorder, start, 0)
    if edit.finer_frame is not None:
        edit = edit.sharper(results)
        results = yield from _walked(edit, None, start, settings.network_steps(requests[0].steps))
    count = len(requests)
    shared = (time.monotonic() - start) / count
    for index, request in enumerate(requests):
        result = results[index]
        yield Finished(
            request=request,
            picture=result,
            changed_outside=edit.changed_outside(result),
            network_evaluations=(model.network_evaluations - evaluated) // count,
            seconds=shared,
            recipe=make_recipe(
                request,
                model_name=model.name,
                model_fingerprint=model.fingerprint,
                device=str(model.device),
                dtype=str(model.dtype).removeprefix("torch."),
                result_pixels=result,
                other_model=_other_model(request, model),
            ),
            reconstruction_db=edit.reconstruction_db,
            offset=None if edit.canvas is None else edit.canvas.offset,
            recording=None if recorder is None else recorder.recording,
        )


def _walked(
    edit: Edit, recorder: Recorder | None, start: float, before: int
) -> Generator[EditEvent, None, list[Pixels]]:
    """Walk the edit's rows down; return their results. So many steps were done `before`."""
    rows = range(len(edit.requests))
    if edit.idle:
        return [edit.untouched() for _ in rows]
    forecast = before + edit.network_steps
    previews = Previews(edit.canvas, edit.frame, edit.model)
    task = edit.task()
    latents = edit.clean
    states = method_for(edit.settings)(task)
    if recorder is not None:
        states = recorder.watch(states, task, edit.frame)
    done = total = before
    for done, state in enumerate(states, start=before + 1):
        latents = state.x
        total = forecast - task.inversions.steps_saved
        left = (time.monotonic() - start) / done * (total - done)
        yield Progress(done, total, state.phase, left)
        picture = previews.picture(state, last=done == total)
        if picture is not None:
            yield Preview(picture, done, total)
    yield Progress(done, max(total, done), "decode")
    return [edit.finish(latents, row) for row in rows]


def _other_model(request: EditRequest, model: LatentModel) -> tuple[str, str] | None:
    """Name and fingerprint of the second model, which the method has loaded by now, if any."""
    name = getattr(request.settings, "target_model", "")
    other = model.load_other(name) if name else None
    return None if other is None else (other.name, other.fingerprint)
