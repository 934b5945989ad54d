"""What commands of PHP, Ruby and .NET start: their development servers with the port they take when none is said.

Sources: php.net (built-in web server), laravel.com (artisan serve), guides.rubyonrails.org (rails server), puma.io,
symfony.com (Symfony CLI), learn.microsoft.com (dotnet run --urls).
"""

from opskit.survey.commandline import Simple, Word
from opskit.survey.runners import Started, decided, port_of

VERBED: dict[tuple[str, str], tuple[int, str, tuple[str, ...]]] = {
    ("artisan", "serve"): (8000, "SERVER_PORT", ("--port",)),
    ("rails", "server"): (3000, "PORT", ("-p", "--port")),
    ("rails", "s"): (3000, "PORT", ("-p", "--port")),
    ("symfony", "server:start"): (8000, "", ("--port",)),
    ("symfony", "serve"): (8000, "", ("--port",)),
    ("dotnet", "run"): (0, "ASPNETCORE_URLS", ("--urls",)),
    ("hugo", "server"): (1313, "", ("-p", "--port")),
    ("jekyll", "serve"): (4000, "", ("-P", "--port")),
}
ALONE: dict[str, tuple[int, str, tuple[str, ...]]] = {
    "puma": (9292, "PORT", ("-p", "--port", "-b")),
    "rackup": (9292, "", ("-p", "--port")),
    "unicorn": (8080, "", ("-p", "--port", "-l")),
}
PROGRAMS = frozenset((*ALONE, *(program for program, _ in VERBED), "php", "java"))


def other_started(simple: Simple) -> list[Started]:
    """Nothing where no port is said and none is known."""
    values = simple.values
    if simple.program == "php" and "-S" in values:
        return _said(simple, simple.option("-S"), 0, "", "php")
    if simple.program == "java":
        return _said(simple, simple.option("--server.port", "-Dserver.port"), 0, "", "java")
    words = values[1:] if simple.program == "php" else (simple.program, *values[1:])
    known = VERBED.get((words[0], words[1])) if len(words) > 1 else None
    default, variable, options = known or ALONE.get(words[0] if words else "", (0, "", ()))
    if not default and not options:
        return []
    said, variable = decided(simple, options, variable)
    return _said(simple, said, default, variable, words[0])


def _said(simple: Simple, word: Word | None, default: int, variable: str, framework: str) -> list[Started]:
    port, by, at = port_of(word)
    if not (port or by or default):
        return []
    host = word.value.rpartition(":")[0].rpartition("/")[2] if word and ":" in word.value else ""
    return [Started(simple, "server", framework, "", port if port or by else default, by or variable, host, port is not None, at)]
