"""Sfumato's engine: everything that edits a picture, and nothing that draws a window.

No module below this package may import Qt. Importing the package itself is free of torch too, so
that ``sfumato --version`` and the window's first paint never wait for it.
"""

__version__ = "0.1.0"
