"""Floor 4, the room of ports: every claim found, every clash ended, every reference moved."""
