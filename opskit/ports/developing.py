"""Development servers that a service's container does not run: its image serves what they build (nginx, Caddy, `serve`)."""

from functools import lru_cache

from opskit.core.tree import Tree
from opskit.ports.stated.built import bare_image
from opskit.ports.stated.identity import homes_of
from opskit.source.dockerfile import base, read_dockerfile
from opskit.survey.compose import ComposeService, compose_services
from opskit.survey.facts import Bind
from opskit.survey.survey import Survey

BUILDING = frozenset(
    """vite cra angular vue webpack parcel gatsby astro docusaurus vitepress vuepress storybook sveltekit rsbuild rspack quasar umi
    rspress eleventy web-dev-server metro expo ionic ember hexo docsify live-server""".split()
)
STATIC = frozenset("nginx nginx-unprivileged caddy httpd apache apache2 traefik lighttpd static-web-server busybox openresty h2o".split())


def is_developing(survey: Survey, name: str, bind: Bind) -> bool:
    """Whether a bind is that of a development server on this machine, for a service whose containers run another program."""
    containers = _containers(survey).get(name, ())
    return bind.framework in BUILDING and bool(containers) and all(_serves_otherwise(survey.tree, c, bind.framework) for c in containers)


@lru_cache(maxsize=4)
def _containers(survey: Survey) -> dict[str, tuple[ComposeService, ...]]:
    names = homes_of(survey).compose
    found: dict[str, tuple[ComposeService, ...]] = {}
    for service in compose_services(survey.tree):
        name = names.get(service.name, service.name)
        found[name] = (*found.get(name, ()), service)
    return found


def _serves_otherwise(tree: Tree, container: ComposeService, framework: str) -> bool:
    """A command that is understood and starts something else, or an image whose base is a server of files and keeps its command."""
    if container.starts:
        return all(starts.framework != framework for starts in container.starts)
    words = container.text.split()
    if words:
        return words[0].rpartition("/")[2] in STATIC or words[0] in ("httpd-foreground", "apache2-foreground")
    instructions = (tree.parsed(container.file, read_dockerfile) or ()) if container.file else ()
    return bare_image(base(instructions, container.target)) in STATIC
