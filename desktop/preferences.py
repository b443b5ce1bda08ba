"""What the window remembers from one day to the next, over QSettings."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from desktop.language import Language
from desktop.theme import ThemeChoice

DEFAULT_UNDO = 512
UNDO_RANGE = (16, 65536)


class Preferences:
    """Typed values with defaults; an unknown or damaged entry counts as the default."""

    def __init__(self, settings: QSettings | None = None) -> None:
        self._settings = settings or QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, "Sfumato", "sfumato"
        )

    @property
    def theme(self) -> ThemeChoice:
        try:
            return ThemeChoice(str(self._settings.value("window/theme", ThemeChoice.DARK)))
        except ValueError:
            return ThemeChoice.DARK

    @theme.setter
    def theme(self, choice: ThemeChoice) -> None:
        self._settings.setValue("window/theme", choice.value)

    @property
    def language(self) -> Language:
        """The chosen language, or the system's if none was chosen."""
        try:
            return Language(str(self._settings.value("window/language", "")))
        except ValueError:
            return Language.of_system()

    @language.setter
    def language(self, language: Language) -> None:
        self._settings.setValue("window/language", language.value)

    @property
    def geometry(self) -> QByteArray | None:
        value = self._settings.value("window/geometry")
        return value if isinstance(value, QByteArray) else None

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self._settings.setValue("window/geometry", geometry)

    @property
    def mask_colour(self) -> str | None:
        """The colour of the mask as #rrggbb, or None for the accent colour."""
        value = self._settings.value("canvas/mask_colour")
        return value if isinstance(value, str) else None

    @mask_colour.setter
    def mask_colour(self, colour: str) -> None:
        self._settings.setValue("canvas/mask_colour", colour)

    def amount(self, name: str) -> int:
        """By how many pixels a selection was last changed this way ("grow"); 1 to 200."""
        value = str(self._settings.value(f"selection/{name}", 4))
        return min(200, max(1, int(value))) if value.isascii() and value.isdigit() else 4

    def set_amount(self, name: str, pixels: int) -> None:
        self._settings.setValue(f"selection/{name}", pixels)

    @property
    def undo_megabytes(self) -> int:
        """The memory that undoing may take."""
        try:
            value = int(str(self._settings.value("document/undo_megabytes", DEFAULT_UNDO)))
        except ValueError:
            return DEFAULT_UNDO
        return min(max(value, UNDO_RANGE[0]), UNDO_RANGE[1])

    @undo_megabytes.setter
    def undo_megabytes(self, megabytes: int) -> None:
        self._settings.setValue("document/undo_megabytes", megabytes)

    @property
    def rulers(self) -> bool:
        """Whether the canvas has rulers."""
        return str(self._settings.value("canvas/rulers", "false")) == "true"

    @rulers.setter
    def rulers(self, shown: bool) -> None:
        self._settings.setValue("canvas/rulers", "true" if shown else "false")

    @property
    def folder(self) -> Path:
        """The folder that the last file came from or went to."""
        value = self._settings.value("files/folder")
        folder = Path(value) if isinstance(value, str) else Path.home()
        return folder if folder.is_dir() else Path.home()

    @folder.setter
    def folder(self, folder: Path) -> None:
        self._settings.setValue("files/folder", str(folder))
