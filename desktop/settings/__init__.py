"""What the user chose once and for all: as one value, and the file that it lies in."""
