"""Floor 4: what runs. A supervisor that leaves nothing behind, its readiness, its logs, its control; rules on what is unfit to run."""
