"""What the window remembers from one day to the next: who changes it, and who is told."""

import contextlib
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, Signal

from core.errors import SaveError
from desktop.language import Language
from desktop.settings import file as settings_files
from desktop.settings.file import Damage, settings_file
from desktop.settings.legacy import taken_over
from desktop.settings.values import Values, salvage
from desktop.theme import ThemeChoice

DEFAULT_AMOUNT = 4


class Preferences(QObject):
    """Holds one frozen `Values`; each change makes another and writes the file at once.

    What is set for this run only (`for_now`, by the command line) is never written.

    Signals
        changed(Values, Values): the values before and after.
    """

    changed = Signal(object, object)

    def __init__(self, file: Path | None = None) -> None:
        """file: instead of the user's own, whose first reading takes over what QSettings held."""
        super().__init__()
        self._file = file or settings_file()
        self._values, self.damage = self._read(file is None)
        self._for_now: dict[str, tuple[str | None, str | None]] = {}
        self.unsaved: SaveError | None = None
        """Why the last change could not be written, if it could not."""

    @property
    def values(self) -> Values:
        return self._values

    def replace(self, values: Values) -> None:
        """Remember `values` instead, and tell who listens."""
        before, self._values = self._values, values
        if values == before:
            return
        try:
            settings_files.write(self._file, self._lasting(values))
            self.unsaved = None
        except SaveError as error:
            self.unsaved = error
        except OSError as error:
            self.unsaved = SaveError(
                f"{self._file.name} could not be saved: {error.strerror or error}. "
                f"Look at the folder {self._file.parent}."
            )
        self.changed.emit(before, values)

    def change(self, part: str, **entries: object) -> None:
        """Change some entries of one part ("window")."""
        changed = getattr(self._values, part).model_copy(update=entries)
        self.replace(self._values.model_copy(update={part: changed}))

    def for_now(self, theme: ThemeChoice | None, language: Language | None) -> None:
        """Another theme or language, until the user chooses one."""
        window = self._values.window
        chosen = {"theme": theme, "language": language}
        given = {name: value.value for name, value in chosen.items() if value is not None}
        self._for_now = {name: (value, getattr(window, name)) for name, value in given.items()}
        self._values = self._values.model_copy(update={"window": window.model_copy(update=given)})

    def _lasting(self, values: Values) -> Values:
        """What is to be written: without what is so for this run only."""
        window = values.window
        own = {
            name: lasting
            for name, (value, lasting) in self._for_now.items()
            if getattr(window, name) == value
        }
        return values.model_copy(update={"window": window.model_copy(update=own)})

    # -- typed, for the window ----------------------------------------------------------------

    @property
    def theme(self) -> ThemeChoice:
        return ThemeChoice(self._values.window.theme)

    @theme.setter
    def theme(self, choice: ThemeChoice) -> None:
        self.change("window", theme=choice.value)

    @property
    def language(self) -> Language:
        """The chosen language, or the system's if none was chosen."""
        chosen = self._values.window.language
        return Language.of_system() if chosen is None else Language(chosen)

    @language.setter
    def language(self, language: Language) -> None:
        self.change("window", language=language.value)

    @property
    def geometry(self) -> QByteArray | None:
        text = self._values.window.geometry
        return QByteArray.fromBase64(text.encode()) if text else None

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self.change("window", geometry=geometry.toBase64().toStdString())

    def amount(self, name: str) -> int:
        """By how many pixels a selection was last changed this way ("grow"); 1 to 200."""
        return self._values.files.amounts.get(name, DEFAULT_AMOUNT)

    def set_amount(self, name: str, pixels: int) -> None:
        self.change("files", amounts={**self._values.files.amounts, name: pixels})

    @property
    def folder(self) -> Path:
        """The folder that the last file came from or went to."""
        with contextlib.suppress(OSError, ValueError):
            text = self._values.files.folder
            if text and Path(text).is_dir():
                return Path(text)
        return Path.home()

    @folder.setter
    def folder(self, folder: Path) -> None:
        self.change("files", folder=str(folder))

    def _read(self, is_users: bool) -> tuple[Values, Damage | None]:
        try:
            values, damage = settings_files.read(self._file)
        except OSError:
            return Values(), Damage(self._file, stuck=True)
        if values is None and damage is None and is_users:
            values = salvage(taken_over())[0]
        return values or Values(), damage
