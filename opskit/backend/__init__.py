"""Floor 4: the services that opskit ships. Each stands on `backend.web` and brings its own migrations."""
