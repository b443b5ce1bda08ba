"""The narrow seam between the worker and the engine: requests in, events out."""

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Protocol

from core.errors import OutOfMemoryError
from core.events import EditEvent
from core.request import EditRequest
from core.words import words_of
from desktop.diagnostics import logs
from desktop.jobs.job import ModelLoaded
from desktop.jobs.warm_up import engine_threads, import_engine
from desktop.settings.values import EngineValues

if TYPE_CHECKING:
    from pathlib import Path

    from core.inversion.cache import InversionCache
    from core.models.latent_model import LatentModel
    from core.models.library import ModelLibrary
    from core.restoration.questions import Question


class UnexpectedError(Exception):
    """An error of the engine that is none for the user, already logged and told in one line."""


class Engine(Protocol):
    """What the worker asks of an engine, on its own thread only.

    stopped: says when the user gave up; an engine that can looks at it more often than between two
    events, at which the worker looks itself.
    """

    def prepare(self, stopped: Callable[[], bool]) -> bool:
        """Import what is needed; False when `stopped` said to leave off."""
        ...

    def load(self, model: str, stopped: Callable[[], bool]) -> ModelLoaded | None:
        """Have `model` in memory; None when `stopped` said to leave off. Raises ModelError."""
        ...

    def edit(
        self, request: EditRequest, *, inspect: bool, stopped: Callable[[], bool]
    ) -> Generator[EditEvent]:
        """The events of one edit; closing the generator gives the edit up.

        inspect: look into it; the result then has a recording.
        """
        ...

    def answer(self, question: "Question", stopped: Callable[[], bool]) -> object:
        """What takes a moment and no model, such as a picture degraded. Raises SfumatoError."""
        ...

    def close(self) -> None:
        """Let go of everything; nothing is called afterwards."""
        ...


class TorchEngine:
    """The engine in this process. The library keeps one model in memory between edits.

    What was inverted stays for as long as the engine lives, so that the next prompt on a picture
    costs no inversion. codes: a folder in which it lies too, beyond the engine's life. options:
    what the user chose of device, precision, memory, threads and folders. log_prompts: whether
    this process's log may hold prompts.
    """

    def __init__(
        self,
        library: "ModelLibrary | None" = None,
        codes: "Path | None" = None,
        options: EngineValues | None = None,
        log_prompts: bool = False,
    ) -> None:
        self._library = library
        self._options = options or EngineValues()
        self._log_prompts = log_prompts
        self._model: LatentModel | None = None
        self._codes = codes
        self._inversions: InversionCache | None = None

    def prepare(self, stopped: Callable[[], bool]) -> bool:
        return import_engine(stopped, self._options.threads)

    def load(self, model: str, stopped: Callable[[], bool]) -> ModelLoaded:
        from core.models.library import ModelLibrary, default_folders
        from core.models.memory import is_lack_of_memory

        options = self._options
        self._model = None  # the library frees the old one before it loads another
        if self._library is None:
            self._library = ModelLibrary([*default_folders(), *options.model_folders])
        try:
            self._model = self._library.load(
                model, options.device, options.precision, options.memory
            )
        except (RuntimeError, MemoryError) as error:
            if not is_lack_of_memory(error):
                raise
        if self._model is None:
            raise OutOfMemoryError(
                f"There is not enough memory for the model {model}. Close other programs or choose "
                "a smaller model."
            )
        loaded = self._model
        return ModelLoaded(
            model=loaded.name,
            device=str(loaded.device),
            precision=str(loaded.dtype).removeprefix("torch."),
            threads=engine_threads(options.threads),
        )

    def edit(
        self, request: EditRequest, *, inspect: bool, stopped: Callable[[], bool]
    ) -> Generator[EditEvent]:
        from core.inspection.recorder import Recorder
        from core.inversion.cache import MEBIBYTE, InversionCache
        from core.run import run_edit

        if not self._log_prompts:
            logs.leave_out(*words_of(request))
        if self._model is None:
            self.load(request.model, stopped)
        assert self._model is not None
        self._inversions = self._inversions or InversionCache(
            max_bytes=self._options.inversions_memory * MEBIBYTE,
            folder=self._codes if self._options.inversions_disk else None,
            max_folder_bytes=self._options.inversions_disk * MEBIBYTE,
        )
        recorder = Recorder() if inspect else None
        yield from run_edit(request, self._model, self._inversions, recorder=recorder)

    def answer(self, question: "Question", stopped: Callable[[], bool]) -> object:
        return question.answer()

    def close(self) -> None:
        self._model = self._library = self._inversions = None
