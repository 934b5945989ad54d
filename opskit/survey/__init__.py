"""Floor 3: facts on the platform that more than one room needs, computed once a run. No findings, no rules."""
