"""What can be set, page by page."""

from desktop.language import Language
from desktop.panels.preferences.controls import ColourChoice, FolderList
from desktop.panels.preferences.page import Page


class LookPage(Page):
    """Language, theme, colours."""

    def __init__(self) -> None:
        super().__init__(self.tr("Appearance"), "palette")
        languages = [(language.value, language.own_name) for language in Language]
        self.language = self.choice(
            ("window", "language"),
            self.tr("Language"),
            "",
            [(None, self.tr("As the system")), *languages],
        )
        self.theme = self.choice(
            ("window", "theme"),
            self.tr("Theme"),
            "",
            [
                ("dark", self.tr("Dark")),
                ("light", self.tr("Light")),
                ("system", self.tr("As the system")),
            ],
        )
        self.colour = ColourChoice()
        self.tie(("window", "mask_colour"), self.colour.set_colour, self.colour.colour)
        self.row(
            self.tr("Selection colour"),
            self.tr("Selections are hatched in this colour, so that they show on any picture."),
            self.colour,
        )
        self.column.addStretch(1)


class EnginePage(Page):
    """What the engine is started with."""

    def __init__(self) -> None:
        super().__init__(self.tr("Engine"), "cpu")
        self.device = self.choice(
            ("engine", "device"),
            self.tr("Device"),
            self.tr("Where models run. Automatic takes a graphics card if there is one."),
            [
                ("auto", self.tr("Automatic")),
                ("cuda", self.tr("Graphics card (CUDA, ROCm)")),
                ("mps", self.tr("Apple graphics (Metal)")),
                ("cpu", self.tr("Processor")),
            ],
        )
        self.precision = self.choice(
            ("engine", "precision"),
            self.tr("Precision"),
            self.tr("Half precision takes half the memory. Automatic halves on graphics cards."),
            [
                ("auto", self.tr("Automatic")),
                ("float32", "float32"),
                ("float16", "float16"),
                ("bfloat16", "bfloat16"),
            ],
        )
        self.memory = self.choice(
            ("engine", "memory"),
            self.tr("Memory"),
            self.tr(
                "For graphics cards with little memory: networks wait in the machine's memory "
                "until they are needed; in tiles, large pictures are read and written in parts."
            ),
            [
                ("device", self.tr("All on the device")),
                ("offload", self.tr("One network at a time")),
                ("tiles", self.tr("One at a time, in tiles")),
            ],
        )
        self.threads = self.number(
            ("engine", "threads"),
            self.tr("Threads"),
            self.tr("Of the processor. Automatic leaves one core to the window."),
            (0, 256),
            lowest=self.tr("Automatic"),
        )
        self.folders = FolderList()
        self.tie(("engine", "model_folders"), self.folders.set_folders, self.folders.folders)
        self.row(
            self.tr("Model folders"),
            self.tr("Looked through for models, besides Sfumato's own."),
            self.folders,
        )
        self.remark(
            self.tr("The engine starts anew when one of these changes, after the edit that runs.")
        )
        self.column.addStretch(1)


class MemoryPage(Page):
    """What is kept, and how much of it."""

    def __init__(self) -> None:
        super().__init__(self.tr("Memory and recovery"), "hard-drives")
        megabytes = self.tr(" MB")
        self.undo = self.number(
            ("document", "undo_megabytes"),
            self.tr("Memory for undo"),
            self.tr("Beyond this the oldest steps can no longer be undone."),
            (16, 65536),
            megabytes,
        )
        self.autosave = self.number(
            ("document", "autosave_seconds"),
            self.tr("Autosave after"),
            self.tr("From a change until it is kept on the disk, to come back after a crash."),
            (5, 600),
            self.tr(" s"),
        )
        self.inversions_memory = self.number(
            ("engine", "inversions_memory"),
            self.tr("Inversions in memory"),
            self.tr("Kept so that the next prompt on a picture costs no inversion."),
            (16, 65536),
            megabytes,
        )
        self.inversions_disk = self.number(
            ("engine", "inversions_disk"),
            self.tr("Inversions on the disk"),
            self.tr("While the picture is open, and in its document. The oldest go first."),
            (0, 1048576),
            megabytes,
            self.tr("None"),
        )
        self.column.addStretch(1)


class FilesPage(Page):
    """What pictures that are written carry on."""

    def __init__(self) -> None:
        super().__init__(self.tr("Saved pictures"), "export")
        self.recipe = self.switch(
            ("export", "recipe"),
            self.tr("Put the recipe into PNG files"),
            self.tr("How the last edit was made, so that it can be run again and verified."),
        )
        self.prompts = self.switch(
            ("export", "prompts"),
            self.tr("Leave the prompts in the recipe"),
            self.tr("Without its words a recipe still tells how, but cannot be run again."),
        )
        self.ai_mark = self.switch(
            ("export", "ai_mark"),
            self.tr("Mark edited pictures as made with AI"),
            self.tr("As the IPTC's digital source type, which viewers and agencies read."),
        )
        self.place = self.switch(
            ("export", "place"),
            self.tr("Keep where a photograph was taken"),
            self.tr("Off, the GPS position is taken out of what is written."),
        )
        self.recipe.toggled.connect(self.prompts.setEnabled)
        self.remark(
            self.tr(
                "For PNG, JPEG, WebP and TIFF files, saved and exported. Documents (.sfumato) "
                "keep everything."
            )
        )
        self.column.addStretch(1)


class PrivacyPage(Page):
    """The network, and what is written down."""

    def __init__(self) -> None:
        super().__init__(self.tr("Privacy"), "shield-check")
        self.offline = self.switch(
            ("privacy", "offline"),
            self.tr("Forbid downloads, too"),
            self.tr(
                "Sfumato asks no network by itself. This refuses even downloads that are asked for."
            ),
        )
        self.log_prompts = self.switch(
            ("privacy", "log_prompts"),
            self.tr("Let the logs hold prompts"),
            self.tr("To find a fault. Otherwise prompts and their words never reach the logs."),
        )
        self.column.addStretch(1)
