"""Pictures with known content, to train the starter model on and to judge edits by."""
