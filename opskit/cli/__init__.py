"""Floor 5: words to calls. Typer lives here and nowhere else; no rule, no SQL, no HTTP."""
