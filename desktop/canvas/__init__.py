"""The picture on the screen, and the tools that paint its mask."""
