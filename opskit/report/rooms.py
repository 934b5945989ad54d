"""A code's letter and the room it belongs to."""

ROOM = {"E": "environment", "D": "database", "S": "Stripe", "H": "webhooks", "W": "paths", "P": "ports", "K": "dependencies",
        "F": "functions", "V": "services", "X": "opskit"}

# what people type: `opskit check deps`
WORD = {"E": "env", "D": "db", "S": "stripe", "H": "webhooks", "W": "paths", "P": "ports", "K": "deps", "F": "functions", "V": "services",
        "X": "opskit"}
