"""An engine on a graphics card: a Python environment of its own, beside the installed program."""
