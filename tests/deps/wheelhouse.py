"""Wheels and a source archive made by hand (PEP 427), small enough to install in no time."""

import io
import tarfile
import zipfile


def wheel(folder, name, version, modules=None, requires=(), python="", tag="py3-none-any", body=""):
    stem = name.replace("-", "_")
    info = f"{stem}-{version}.dist-info"
    metadata = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {r}" for r in requires)]
    metadata += [f"Requires-Python: {python}"] if python else []
    files = {f"{module}.py": body or f"VERSION = {version!r}\n" for module in modules or [stem]}
    files[f"{info}/METADATA"] = "\n".join([*metadata, ""])
    files[f"{info}/WHEEL"] = f"Wheel-Version: 1.0\nGenerator: by-hand\nRoot-Is-Purelib: true\nTag: {tag}\n"
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(folder / f"{stem}-{version}-{tag}.whl", "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)


def sdist(folder, name, version):
    """A source archive whose build needs no other package and fails with a sentence."""
    backend = "def build_wheel(*_, **__):\n    raise SystemExit('error: libfoo.h is missing')\n\n\nprepare_metadata_for_build_wheel = build_wheel\n"
    files = {
        "pyproject.toml": "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n",
        "backend.py": backend,
        "PKG-INFO": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
    }
    with tarfile.open(folder / f"{name}-{version}.tar.gz", "w:gz") as archive:
        for path, text in files.items():
            entry = tarfile.TarInfo(f"{name}-{version}/{path}")
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text.encode()))
