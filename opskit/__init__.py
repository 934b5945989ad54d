"""opskit: from a repository that runs on its author's laptop to a platform that takes payments."""

__version__ = "0.1.0"
