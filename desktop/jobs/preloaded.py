"""Imported once by the server that engines are forked from (Linux): they begin with torch ready.

A lost engine is then replaced in the time that its model takes to load.
"""

import contextlib
import gc

from desktop.jobs.warm_up import import_engine

with contextlib.suppress(Exception):  # the engine's own import says what is wrong
    import_engine()
gc.freeze()  # what is never freed need not be walked, so that its pages stay shared
