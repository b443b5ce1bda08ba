"""Settings of Auto, which stands for another swap method."""

from core.settings.swap import SwapSettings


class AutoSettings(SwapSettings):
    """What the benchmark found best for such a pair of prompts.

    inversion_strength: .5 is the chosen method's measured best; below it the picture keeps more,
    above it is freer. The request that runs, and its recipe, hold the choice, not these settings.
    """

    name = "auto"
    title = "Auto"
    paper = "Sfumato's own benchmark (sfumato bench edits)"
