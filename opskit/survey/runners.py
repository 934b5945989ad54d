"""Programs that start things, as data: frameworks with the port they take when none is said, from each project's documentation."""

import re
from dataclasses import dataclass
from typing import Literal

from opskit.survey.commandline import Simple, Word

NODE_RUNNERS = frozenset(
    ("node", "nodemon", "ts-node", "ts-node-dev", "tsx", "babel-node", "esr", "swc-node", "node-dev", "tsnd", "vite-node")
)
VALUED = frozenset(
    (
        "-r",
        "--require",
        "--import",
        "--loader",
        "--watch",
        "-w",
        "--ext",
        "-e",
        "--ignore",
        "-i",
        "--env-file",
        "--delay",
        "-P",
        "--project",
        "--name",
        "-n",
        "--config",
        "-c",
        "--inspect-port",
        "--exec",
        "-x",
        "--tsconfig",
        "--conditions",
        "-C",
    )
)
FRAMEWORKS: dict[str, tuple[str, int, str, tuple[str, ...]]] = {
    "next": ("next", 3000, "PORT", ("-p", "--port")),
    "vite": ("vite", 5173, "", ("--port",)),
    "nuxt": ("nuxt", 3000, "PORT", ("-p", "--port")),
    "nuxi": ("nuxt", 3000, "PORT", ("-p", "--port")),
    "react-scripts": ("cra", 3000, "PORT", ()),
    "craco": ("cra", 3000, "PORT", ()),
    "react-app-rewired": ("cra", 3000, "PORT", ()),
    "astro": ("astro", 4321, "", ("--port",)),
    "gatsby": ("gatsby", 8000, "", ("-p", "--port")),
    "ng": ("angular", 4200, "", ("--port",)),
    "vue-cli-service": ("vue", 8080, "PORT", ("--port",)),
    "webpack-dev-server": ("webpack", 8080, "", ("--port",)),
    "webpack": ("webpack", 8080, "", ("--port",)),
    "parcel": ("parcel", 1234, "PORT", ("-p", "--port")),
    "http-server": ("http-server", 8080, "PORT", ("-p", "--port")),
    "serve": ("serve", 3000, "PORT", ("-p", "--port", "-l", "--listen")),
    "live-server": ("live-server", 8080, "PORT", ("--port",)),
    "json-server": ("json-server", 3000, "", ("-p", "--port")),
    "remix": ("remix", 3000, "PORT", ("--port", "-p")),
    "remix-serve": ("remix", 3000, "PORT", ()),
    "react-router": ("react-router", 5173, "", ("--port",)),
    "react-router-serve": ("react-router", 3000, "PORT", ()),
    "svelte-kit": ("sveltekit", 5173, "", ("--port",)),
    "wrangler": ("wrangler", 8787, "", ("--port",)),
    "netlify": ("netlify", 8888, "", ("-p", "--port")),
    "vercel": ("vercel", 3000, "", ("-l", "--listen")),
    "strapi": ("strapi", 1337, "PORT", ()),
    "docusaurus": ("docusaurus", 3000, "", ("-p", "--port")),
    "vitepress": ("vitepress", 5173, "", ("--port",)),
    "vuepress": ("vuepress", 8080, "", ("-p", "--port")),
    "storybook": ("storybook", 6006, "", ("-p", "--port")),
    "sb": ("storybook", 6006, "", ("-p", "--port")),
    "start-storybook": ("storybook", 6006, "", ("-p", "--port")),
    "eleventy": ("eleventy", 8080, "", ("--port",)),
    "wds": ("web-dev-server", 8000, "", ("-p", "--port")),
    "web-dev-server": ("web-dev-server", 8000, "", ("-p", "--port")),
    "react-native": ("metro", 8081, "RCT_METRO_PORT", ("--port",)),
    "serverless": ("serverless", 3000, "", ("--httpPort",)),
    "sls": ("serverless", 3000, "", ("--httpPort",)),
    "rspack": ("rspack", 8080, "", ("--port",)),
    "webpack-cli": ("webpack", 8080, "", ("--port",)),
    "umi": ("umi", 8000, "PORT", ("--port",)),
    "max": ("umi", 8000, "PORT", ("--port",)),
    "dumi": ("umi", 8000, "PORT", ("--port",)),
    "rspress": ("rspress", 3000, "", ("-p", "--port")),
    "ionic": ("ionic", 8100, "", ("-p", "--port")),
    "quasar": ("quasar", 9000, "PORT", ("-p", "--port")),
    "sanity": ("sanity", 3333, "", ("--port",)),
    "nitro": ("nitro", 3000, "PORT", ("--port",)),
    "nitropack": ("nitro", 3000, "PORT", ("--port",)),
    "hexo": ("hexo", 4000, "", ("-p", "--port")),
    "docsify": ("docsify", 3000, "", ("-p", "--port")),
    "lite-server": ("lite-server", 3000, "", ()),
    "sirv": ("sirv", 8080, "PORT", ("-p", "--port")),
    "slidev": ("slidev", 3030, "", ("-p", "--port")),
    "ember": ("ember", 4200, "", ("-p", "--port")),
    "email": ("react-email", 3000, "", ("-p", "--port")),
    "waku": ("waku", 3000, "PORT", ("-p", "--port")),
    "vike": ("vite", 3000, "", ("--port",)),
    "electron-vite": ("vite", 5173, "", ("--port",)),
    "fastify": ("fastify", 3000, "FASTIFY_PORT", ("-p", "--port")),
    "expo": ("expo", 8081, "", ("-p", "--port")),
    "vinxi": ("vinxi", 3000, "PORT", ("--port",)),
    "rsbuild": ("rsbuild", 3000, "PORT", ("--port",)),
    "medusa": ("medusa", 9000, "PORT", ("-p", "--port")),
    "directus": ("directus", 8055, "PORT", ()),
    "keystone": ("keystone", 3000, "PORT", ()),
}
IMPORTING = frozenset(("flask", "fastapi", "uvicorn", "gunicorn", "hypercorn", "daphne", "granian", "waitress-serve", "sanic"))
"""Programs that import the code which they serve."""
VERBS = frozenset(("dev", "start", "serve", "develop", "preview", "dev-server", "server", "vite:dev", "dev:server"))
NEEDS_VERB = frozenset(
    (
        "next",
        "nuxt",
        "nuxi",
        "react-scripts",
        "craco",
        "react-app-rewired",
        "astro",
        "gatsby",
        "ng",
        "vue-cli-service",
        "webpack",
        "remix",
        "react-router",
        "svelte-kit",
        "wrangler",
        "netlify",
        "vercel",
        "strapi",
        "docusaurus",
        "vitepress",
        "vuepress",
        "storybook",
        "sb",
        "react-native",
        "rspack",
        "webpack-cli",
        "umi",
        "max",
        "dumi",
        "rspress",
        "ionic",
        "quasar",
        "sanity",
        "nitro",
        "nitropack",
        "hexo",
        "docsify",
        "ember",
        "email",
        "waku",
        "vike",
        "electron-vite",
        "fastify",
        "expo",
        "vinxi",
        "rsbuild",
        "medusa",
        "directus",
        "keystone",
    )
)
PYTHON: dict[str, tuple[int | None, str, tuple[str, ...]]] = {
    "uvicorn": (8000, "UVICORN_PORT", ("--port",)),
    "gunicorn": (8000, "", ("-b", "--bind")),
    "hypercorn": (8000, "", ("-b", "--bind")),
    "daphne": (8000, "", ("-p", "--port")),
    "waitress-serve": (8080, "", ("--port", "--listen")),
    "flask": (5000, "FLASK_RUN_PORT", ("-p", "--port")),
    "fastapi": (8000, "", ("--port",)),
    "streamlit": (8501, "STREAMLIT_SERVER_PORT", ("--server.port",)),
    "celery": (None, "", ()),
    "rq": (None, "", ()),
    "granian": (8000, "GRANIAN_PORT", ("--port",)),
    "sanic": (8000, "", ("-p", "--port")),
    "chainlit": (8000, "", ("--port",)),
    "adk": (8000, "", ("--port",)),
    "bokeh": (5006, "BOKEH_PORT", ("--port",)),
    "chroma": (8000, "", ("--port",)),
    "jupyter": (8888, "JUPYTER_PORT", ("--port", "--ServerApp.port", "--NotebookApp.port")),
    "jupyter-lab": (8888, "JUPYTER_PORT", ("--port",)),
    "jupyter-notebook": (8888, "JUPYTER_PORT", ("--port",)),
    "langgraph": (2024, "", ("--port",)),
    "litellm": (4000, "", ("--port",)),
    "locust": (8089, "LOCUST_WEB_PORT", ("--web-port", "-P")),
    "mkdocs": (8000, "", ()),
    "mlflow": (5000, "MLFLOW_PORT", ("-p", "--port")),
    "panel": (5006, "BOKEH_PORT", ("--port",)),
    "prefect": (4200, "PREFECT_SERVER_API_PORT", ("--port",)),
    "rasa": (5005, "", ("-p", "--port")),
    "superset": (8088, "SUPERSET_PORT", ("-p", "--port")),
    "tensorboard": (6006, "", ("--port",)),
    "vllm": (8000, "", ("--port",)),
    "voila": (8866, "", ("--port",)),
}
TOLD: dict[str, frozenset[str]] = {
    "adk": frozenset(("web", "api_server")),
    "bokeh": frozenset(("serve",)),
    "chainlit": frozenset(("run", "dev")),
    "chroma": frozenset(("run",)),
    "fastapi": frozenset(("run", "dev")),
    "flask": frozenset(("run", "dev")),
    "jupyter": frozenset(("lab", "notebook", "server")),
    "langgraph": frozenset(("dev",)),
    "mkdocs": frozenset(("serve",)),
    "mlflow": frozenset(("ui", "server")),
    "panel": frozenset(("serve",)),
    "prefect": frozenset(("server",)),
    "rasa": frozenset(("run", "x")),
    "streamlit": frozenset(("run", "dev")),
    "superset": frozenset(("run",)),
    "vllm": frozenset(("serve",)),
}
"""Programs of PYTHON that serve only with one of these words."""
TOOLS = frozenset(("adk", "bokeh", "chroma", "jupyter", "jupyter-lab", "jupyter-notebook", "langgraph", "litellm", "locust", "mkdocs",
                   "mlflow", "panel", "prefect", "rasa", "superset", "tensorboard", "vllm", "voila"))
"""Programs of PYTHON that serve something of their own: where no file of the platform is named they are the service."""
NUMBER = re.compile(r"(?:^|[:=\-])(\d{1,5})\}?$|^(\d{1,5})$")
VARIABLE = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)")


@dataclass(frozen=True, slots=True)
class Started:
    """What a command starts. `entry` is one of the platform's files or ""; `port` the number said (or the framework's
    own, `said` False), `variable` the one that decides it; `at` the digits' offsets in the command's text. `folder` must be
    on Python's path for the entry's module, "" where it is already; `several` are the files that the module may mean."""

    command: Simple
    kind: Literal["server", "worker", ""]
    framework: str = ""
    entry: str = ""
    port: int | None = None
    variable: str = ""
    host: str = ""
    said: bool = False
    at: tuple[int, int] | None = None
    language: Literal["python", "node", "other"] = "other"
    folder: str = ""
    several: tuple[str, ...] = ()


def decided(simple: Simple, options: tuple[str, ...], variable: str) -> tuple[Word | None, str]:
    """(the word that says the port, the variable that still overrides it): an option silences the variable."""
    option = simple.option(*options) if options else None
    return (option, "") if option else (simple.assigned.get(variable), variable)


def port_of(word: Word | None) -> tuple[int | None, str, tuple[int, int] | None]:
    """(number, variable, offsets of the digits) of `3000`, `:8000`, `0.0.0.0:$PORT`, `tcp://...:3000`, `${PORT:-8080}`."""
    if word is None:
        return None, "", None
    text = word.value
    variable = next(reversed(list(VARIABLE.finditer(text))), None)
    match = NUMBER.search(text)
    digits = (match[1] or match[2]) if match else ""
    number = int(digits) if digits and 0 < int(digits) < 65536 else None
    if number is None or match is None:
        return None, variable[1] if variable else "", None
    offset = word.start + word.quote + (match.start(1) if match[1] else match.start(2))
    return number, variable[1] if variable else "", (offset, offset + len(digits))
