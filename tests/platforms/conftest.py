"""The trees hold tests of their own (of the broken platforms): none of them is ours to collect."""
collect_ignore_glob = ["*/tree/*", "*/outside/*"]
