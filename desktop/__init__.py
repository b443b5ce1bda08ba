"""Sfumato's window: PySide6 around the engine in :mod:`core`.

torch and diffusers are imported in the worker thread only, never by importing this package.
"""
