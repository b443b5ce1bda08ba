"""The open document: picture, mask, alternatives and their history."""
