"""Floor 4, the room of Python packages: what services import against what manifests declare, and the environment they run in."""
