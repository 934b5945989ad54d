"""What a static host would serve: a publish folder that holds opskit's own files, a `.env`, or the schema."""

import tomllib

from opskit.core.finding import Finding
from opskit.core.tree import Tree


def check_publish(tree: Tree) -> tuple[Finding, ...]:
    """netlify.toml `publish` (default: the folder itself) as Netlify documents it: every file below is served.

    Source: https://docs.netlify.com/build/configure-builds/file-based-configuration/
    """
    data = tree.read("netlify.toml")
    if data is None:
        return ()
    try:
        build = tomllib.loads(data.decode("utf-8-sig")).get("build", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return ()
    published = str(build.get("publish", ".")).strip("/").removeprefix("./")
    if published not in ("", "."):
        return ()
    start = max(data.find(b"publish"), 0)
    end = data.find(b"\n", start)
    return (Finding(
        "OPS-V020", "warning", "the publish folder is the whole repository: its code, opskit.toml and any .env would be served",
        tree.place("netlify.toml", start, end if end > 0 else len(data)), label="every file here is public", harm=70,
        help='move the pages to a folder of their own and set publish = "public"', data={"publish": published or "."},
    ),)


