"""How it is done: the choice of the method, and its lesser settings, folded away."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from core.settings import Settings
from desktop.icons import icon
from desktop.panels.core_texts import setting_text
from desktop.panels.fields import ChoiceBox
from desktop.panels.form import SettingsForm
from desktop.panels.tab_order import put_after
from desktop.state import WHAT_HAPPENED, main_setting
from desktop.theme import current_theme

ELSEWHERE = ("weights", "left", "right", "top", "bottom", *WHAT_HAPPENED)
"""Settings with a control of their own: words are weighed where they stand, the frame is drawn."""


class MethodChoice(QWidget):
    """The methods of a job by what they do; those that the model cannot do are grey.

    Signals
        chosen(object): the settings type of the method that the user chose.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._methods: Sequence[type[Settings]] = ()
        self._stands_for: type[Settings] | None = None
        self._unable: Mapping[str, str] = {}
        self.label = QLabel()
        self.label.setProperty("role", "dim")
        self.box = ChoiceBox()
        self.label.setBuddy(self.box)
        self.note = QLabel()
        self.note.setProperty("role", "small")
        self.note.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        for widget in (self.label, self.box, self.note):
            column.addWidget(widget)
        self.box.activated.connect(lambda index: self.chosen.emit(self._methods[index]))
        self.retranslate()

    def show_methods(
        self,
        methods: Sequence[type[Settings]],
        chosen: type[Settings],
        stands_for: type[Settings] | None = None,
    ) -> None:
        """Offer these; with one alone there is nothing to choose.

        stands_for: what the chosen one will run in its place, as Auto does.
        """
        self._stands_for = chosen if stands_for is None else stands_for
        if methods != self._methods:
            self._methods = methods
            self.box.clear()
            self.box.addItems([method.name for method in methods])
            self._name_all()
        self.box.setCurrentIndex(list(methods).index(chosen))
        self._name_chosen()
        self.setVisible(len(methods) > 1)

    def set_unable(self, unable: Mapping[str, str]) -> None:
        """Which methods the model cannot do, by name, with the reason."""
        self._unable = unable
        self._name_all()
        self._name_chosen()

    def retranslate(self) -> None:
        self.label.setText(self.tr("How"))
        self.box.setAccessibleName(self.tr("How"))
        self._name_all()
        self._name_chosen()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.PaletteChange):
            self.retranslate()
        super().changeEvent(event)

    def _name_all(self) -> None:
        model = self.box.model()
        assert isinstance(model, QStandardItemModel)
        faded = QColor(current_theme().dim)
        faded.setAlphaF(0.55)
        for index, method in enumerate(self._methods):
            reason = self._unable.get(method.name, "")
            item = model.item(index)
            item.setText(setting_text(method.title))
            item.setEnabled(not reason)
            # the style sheet gives all items the text's colour
            item.setForeground(faded if reason else QColor(current_theme().text))
            item.setToolTip("\n".join(filter(None, (reason, method.paper))))

    def _name_chosen(self) -> None:
        if not self._methods:
            return
        method = self._methods[self.box.currentIndex()]
        self.box.setToolTip(method.paper)
        self.box.setAccessibleDescription(method.paper)
        self.note.setText(self._unable.get(method.name, "") or self._what_it_stands_for(method))
        self.note.setVisible(bool(self.note.text()))

    def _what_it_stands_for(self, method: type[Settings]) -> str:
        if self._stands_for is None or self._stands_for is method:
            return ""
        title = setting_text(self._stands_for.title)
        return self.tr("For these words: {method}").format(method=title)


class MethodSettings(QWidget):
    """A heading that opens and closes the controls of the chosen method, and puts them back.

    Signals
        setting_changed(str, object): a field's name and its new value.
        reset_wanted(): all of them shall be what they were at first.
    """

    setting_changed = Signal(str, object)
    reset_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form: SettingsForm | None = None
        self._settings: Settings | None = None
        self.heading = QPushButton()
        self.heading.setProperty("role", "fold")
        self.heading.setCheckable(True)
        self.heading.setIconSize(QSize(13, 13))
        self.heading.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.heading.toggled.connect(self._open)
        self.reset_button = QPushButton()
        self.reset_button.setProperty("role", "link")
        self.reset_button.clicked.connect(self.reset_wanted)
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 0, 0)
        top.addWidget(self.heading, 1)
        top.addWidget(self.reset_button)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addLayout(top)
        self._open(False)
        self.retranslate()

    def show_settings(self, settings: Settings) -> None:
        """Show these values, without telling anybody; another method gets other controls."""
        if type(settings) is not type(self._settings):
            self._remove_form()
        self._settings = settings
        self._show()

    def commit(self) -> None:
        """Take over what is still being typed."""
        if self.form is not None:
            self.form.commit()

    def retranslate(self) -> None:
        self.heading.setText(self.tr("Advanced settings"))
        self.heading.setAccessibleName(self.heading.text())
        self.heading.setToolTip(self.tr("The settings of this method"))
        self.reset_button.setText(self.tr("Reset"))
        self.reset_button.setAccessibleName(self.tr("Reset the settings"))
        self.reset_button.setToolTip(
            self.tr("Put all settings of this method back, the strength included")
        )

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _open(self, opened: bool) -> None:
        self.heading.setIcon(icon("caret-down" if opened else "caret-right"))
        self._show()

    def _show(self) -> None:
        settings, opened = self._settings, self.heading.isChecked()
        if settings is not None:
            if opened and self.form is None:
                self._add_form(type(settings))
            if self.form is not None:
                self.form.show_values(settings)
        if self.form is not None:
            self.form.setVisible(opened)
        self.reset_button.setVisible(settings is not None and _is_changed(settings))

    def _add_form(self, method: type[Settings]) -> None:
        """Controls are made when they are first looked at: there are many methods."""
        self.form = SettingsForm(method, leave_out=(main_setting(method) or "", *ELSEWHERE))
        self.form.setting_changed.connect(self.setting_changed)
        self._column.addWidget(self.form)
        put_after(self.reset_button, self.form)

    def _remove_form(self) -> None:
        if self.form is not None:
            self._column.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
            self.form = None


def _is_changed(settings: Settings) -> bool:
    """Whether anything that Reset puts back is another than at first."""
    first = type(settings)()
    names = (name for name in type(settings).model_fields if name not in WHAT_HAPPENED)
    return any(getattr(settings, name) != getattr(first, name) for name in names)
