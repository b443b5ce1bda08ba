"""The menu of words whose place an edit recorded; each becomes a selection."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

if TYPE_CHECKING:
    from desktop.panels.inspect import Word
    from desktop.session import Session


class WordMenu(QMenu):
    """Hangs on the command "select_word", which is there while there is a recording."""

    def __init__(self, session: "Session") -> None:
        super().__init__(session.window)
        self._session = session
        self._action = session.menus.actions["select_word"]
        self._action.setMenu(self)
        self.aboutToShow.connect(self._fill)
        session.document.shown_changed.connect(self._follow)
        session.document.picture_changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        """Comes after the inspect panel was told, which holds the recording."""
        self._action.setEnabled(self._session.inspecting.panel.recording is not None)

    def _fill(self) -> None:
        self.clear()
        recording = self._session.inspecting.panel.recording
        for prompt, words in (recording.words if recording is not None else {}).items():
            if self.actions():
                self.addSeparator()
            for index, word in enumerate(words):
                self.addAction(word, lambda at=(prompt, index): self._select(at))

    def _select(self, word: "Word") -> None:
        self._session.inspecting.panel.choose_word(word)
        self._session.inspecting.make_mask()
