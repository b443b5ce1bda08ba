"""Edits on their way: a job, the queue on the window's thread, the one worker thread."""
