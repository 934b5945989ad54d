"""Floor 3: PostgreSQL. Connects, scans scripts, runs migrations, keeps an embedded server. Judges no platform."""
