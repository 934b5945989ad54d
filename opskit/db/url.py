"""Which database URL holds: process environment, .env.local, .env, in this order; a sample that nobody filled in counts as absent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from opskit.core.place import Place
from opskit.core.secret import Secret
from opskit.core.tree import Tree
from opskit.pg.url import is_placeholder
from opskit.source.dotenv import Entry, files_of, read_dotenv
from opskit.survey.facts import EnvRead, Service
from opskit.survey.survey import Survey

VARIABLE = "DATABASE_URL"
NAMES = frozenset(
    ("DATABASE_URL", "POSTGRES_URL", "POSTGRESQL_URL", "SQLALCHEMY_DATABASE_URI", "DB_URL", "PG_URL", "PGURL", "DATABASE_URI")
)
FILES = files_of()


@dataclass(frozen=True, slots=True)
class Given:
    """A value of the variable and where it stands; `place` and `entry` are None for the process environment."""

    name: str
    value: Secret
    source: str
    place: Place | None = None
    entry: Entry | None = None

    @property
    def placeholder(self) -> bool:
        return is_placeholder(self.value.reveal())


@dataclass(frozen=True, slots=True)
class Target:
    """What some services would connect to: the URL that their variable holds, or the default in their own code."""

    value: Secret
    source: str
    place: Place | None
    services: tuple[str, ...]
    default: bool = False


def variable_of(survey: Survey) -> str:
    """The name that this platform's code reads, DATABASE_URL where none or several do."""
    read = {r.name for r in survey.reads} & NAMES
    return read.pop() if len(read) == 1 else VARIABLE


def every_given(tree: Tree, environ: Mapping[str, str], name: str = VARIABLE, files: tuple[str, ...] = FILES) -> Iterator[Given]:
    """All values in their order of precedence."""
    if name in environ:
        yield Given(name, Secret(environ[name]), "the environment")
    for path in files:
        source = tree.parsed(path, read_dotenv)
        entry = next((e for e in reversed(source.bindings) if e.key == name and e.value is not None), None) if source else None
        if source and entry:
            yield Given(name, Secret(entry.value or ""), path, source.place(entry.value_span), entry)


def find_url(tree: Tree, environ: Mapping[str, str], name: str = VARIABLE, files: tuple[str, ...] = FILES) -> Given | None:
    """The one that holds: the first that is no sample."""
    return next((given for given in every_given(tree, environ, name, files) if not given.placeholder), None)


def reads_of(survey: Survey, service: Service) -> tuple[EnvRead, ...]:
    """Where a service reads a database URL."""
    files = {service.path, *service.closure}
    return tuple(r for r in survey.reads if r.name in NAMES and r.place.path in files)


def targets(survey: Survey, environ: Mapping[str, str], everything: bool = False, files: tuple[str, ...] = FILES) -> tuple[Target, ...]:
    """Grouped by URL: one target for all services that would connect to the same. What has neither value nor default is left out."""
    found = dict[tuple[str, bool], Target]()
    for service in survey.running(everything):
        for read in reads_of(survey, service):
            given = find_url(survey.tree, environ, read.name, files)
            if given is None and read.name in service.env:
                given = Given(read.name, Secret(service.env[read.name]), f"[services.{service.name}] env")
            if given is None and not read.default:
                continue
            value = given.value if given else Secret(read.default or "")
            source = f"{read.name} from {given.source}" if given else f"the code's own default ({read.place.path}:{read.place.line})"
            first = Target(value, source, given.place if given else read.place, (), given is None)
            target = found.get((value.reveal(), given is None), first)
            if service.name not in target.services:
                target = replace(target, services=(*target.services, service.name))
            found[value.reveal(), given is None] = target
    return tuple(found.values())
