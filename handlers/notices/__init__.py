"""What goes down the tree and comes back up: notices, mobilization, roll-call, census, and the mode of a subtree."""
