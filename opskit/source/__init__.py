"""Floor 2: readers, one a language or format: bytes to values with exact spans. Knows syntax, holds no rule."""
