"""摸排: one question to every residents' group of a subtree, and what the households answer."""
