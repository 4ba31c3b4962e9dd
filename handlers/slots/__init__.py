"""排队: a queue for a subtree; each building has its time, and whoever is next is called."""
