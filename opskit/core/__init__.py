"""Floor 1: the words everything else is written in. Imports nothing of opskit outside this folder."""
