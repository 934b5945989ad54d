"""Python files: which literals are a machine's paths, what they become, and the proof that they still mean the same file."""
