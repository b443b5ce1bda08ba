"""The one place where an inversion is found or made."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, replace

import torch

from core.inversion.cache import InversionCache
from core.inversion.kinds import Inversion, Making, Subject
from core.inversion.record import Key, record_of, rounded
from core.sampling.noise import Noise


class Inversions:
    """Makes every inversion anew, in full precision, and keeps none.

    steps_saved: network steps that need not be made; known before the first state of an inversion.
    """

    steps_saved = 0

    def code(self, inversion: Inversion, subject: Subject, timesteps: Sequence[float]) -> Making:
        """The code along `timesteps`, noisy to clean; yield the states of what is made."""
        base = None
        if inversion.base is not None:
            base = yield from self.code(inversion.base, subject, timesteps)
        return (yield from inversion.encode(subject, timesteps, base))


class KeptInversions(Inversions):
    """One edit's door to the cache.

    picture: sha256 of the pixels that the model sees; steps: of the full walk. A code is rounded to
    what is kept of it before it is used, so that an edit is the same bit for bit whether its
    inversion was found or made, at once or in several climbs.
    """

    def __init__(self, cache: InversionCache, picture: str, source_prompt: str, steps: int) -> None:
        self.cache, self.picture = cache, picture
        self.source_prompt, self.steps = source_prompt, steps
        self.steps_saved = 0

    def code(self, inversion: Inversion, subject: Subject, timesteps: Sequence[float]) -> Making:
        if not subject.model.fingerprint:  # of unknown weights nothing can be kept
            return (yield from super().code(inversion, _rounded(subject), timesteps))
        key = self.key(inversion, subject, len(timesteps) - 1)
        record, count, known = self.cache.find(key), 0, None
        if record is not None and record.fits(subject.clean, subject.empty.hidden):
            count = record.steps(inversion, timesteps)
        if record is not None and count and (inversion.extends or count == len(timesteps) - 1):
            self.steps_saved += inversion.steps(count)
            known = record.code(inversion, timesteps[-1 - count :], subject.clean)
            if count == len(timesteps) - 1:
                return known
        if inversion.base is not None:
            known = yield from self.code(inversion.base, subject, timesteps)
        code = yield from inversion.encode(_rounded(subject), timesteps, known)
        self.cache.keep(record_of(key, code))
        return code

    def key(self, inversion: Inversion, subject: Subject, climb: int) -> Key:
        """All that decides the code of a climb of so many steps."""
        model = subject.model
        return Key(
            picture=self.picture,
            source_prompt=self.source_prompt if inversion.guidance_scale != 0.0 else "",
            model=model.fingerprint,
            dtype=str(model.dtype).removeprefix("torch."),
            schedule=self._schedule(subject),
            inversion=json.dumps({"name": inversion.name, **asdict(inversion)}, sort_keys=True),
            noise=_state_hash(subject.generator) if inversion.draws else "",
            climb=0 if inversion.nested else climb,
        )

    def _schedule(self, subject: Subject) -> str:
        path = subject.model.path
        labels = path.timesteps(self.steps)
        places = [(t, path.alpha(t), path.sigma(t)) for t in labels]
        return hashlib.sha256(repr(places).encode()).hexdigest()


def _rounded(subject: Subject) -> Subject:
    return replace(subject, constraint=rounded)


def _state_hash(generator: torch.Generator | Noise | None) -> str:
    assert generator is not None
    return hashlib.sha256(generator.get_state().numpy().tobytes()).hexdigest()
