"""The widgets around the canvas. They show state and report wishes; they decide nothing."""
