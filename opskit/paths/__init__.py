"""The paths of somebody's machine: found in every file, rewritten to the environment's, proved to mean the same file."""
