"""What the installed `stripe` package says of the API: operations, parameters, shapes of answers. Read as syntax, never imported."""
