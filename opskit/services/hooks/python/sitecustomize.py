"""Start-up hook that opskit puts in front of a service's Python: sockets stay on loopback, debuggers and reloaders stay off,
calls of Stripe's API go to the sandbox where one runs.

Python imports a module of this name at start (docs.python.org/3/library/site.html). Standard library alone, any Python 3.
The platform's own sitecustomize, if it has one, runs after it.
"""

import os
import sys


def _loopback(sock, address):
    """The address on loopback for one that stands for every interface; port 0 is a client's or a probe's, left alone."""
    import socket

    if not isinstance(address, tuple) or len(address) < 2 or address[1] in (0, "0"):
        return address
    host = address[0]
    if sock.family == socket.AF_INET and host in ("", "0.0.0.0", "0", "<any>"):
        return ("127.0.0.1", *address[1:])
    if sock.family == socket.AF_INET6 and host in ("", "::", "0:0:0:0:0:0:0:0"):
        alone = sock.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY)
        return ("::1" if alone else "::ffff:127.0.0.1", *address[1:])
    return address


def _keep(sockets):
    """Every socket of a class, from now on."""
    plain = sockets.bind

    def bind(self, address):
        return plain(self, _loopback(self, address))

    sockets.bind = bind


def _keep_sockets():
    import socket

    _keep(socket.socket)


def _keep_gevent(module):
    """gevent's own socket class hands bind to one below Python's."""

    def bind(self, address):
        return self._sock.bind(_loopback(self, address))

    module.socket.bind = bind


def _keep_eventlet(module):
    """eventlet works on a second copy of the socket module."""
    _keep(module._original_socket)


def _calm_werkzeug(module):
    plain = module.run_simple

    def run_simple(hostname, port, application, *args, **options):
        names = ("use_reloader", "use_debugger")
        args = tuple(False if index < len(names) else value for index, value in enumerate(args))
        options.update(dict.fromkeys(names[len(args):], False))
        return plain(hostname, port, application, *args, **options)

    module.run_simple = run_simple


def _calm_reloader(module):
    module.run_with_reloader = lambda main_func, *args, **options: main_func()


def _calm_flask(module):
    plain = module.Flask.run

    def run(self, host=None, port=None, debug=None, load_dotenv=True, **options):
        options.update(use_reloader=False, use_debugger=False)
        return plain(self, host, port, False, load_dotenv, **options)

    module.Flask.run = run


def _calm_uvicorn(module):
    module.Config.should_reload = property(lambda self: False)


def _calm_django(module):
    module.run_with_reloader = lambda main_func, *args, **options: main_func(*args, **options)


def _calm_bottle(module):
    plain = module.run

    def run(*args, **options):
        options.update(reloader=False, debug=False)
        return plain(*args, **options)

    module.run = run


def _keep_uvloop(module):
    """uvloop binds below Python's sockets."""
    serve, datagram = module.Loop.create_server, module.Loop.create_datagram_endpoint

    def create_server(self, protocol_factory, host=None, port=None, **options):
        if options.get("sock") is None and port and host in (None, "", "0.0.0.0", "::"):
            host = "127.0.0.1"
        return serve(self, protocol_factory, host, port, **options)

    def create_datagram_endpoint(self, protocol_factory, local_addr=None, *args, **options):
        if local_addr and local_addr[1] and local_addr[0] in ("", "0.0.0.0", "::"):
            local_addr = ("127.0.0.1", local_addr[1])
        return datagram(self, protocol_factory, local_addr, *args, **options)

    module.Loop.create_server, module.Loop.create_datagram_endpoint = create_server, create_datagram_endpoint


def _point_stripe(module):
    """Before a program makes a client or a call; the sandbox refuses live keys."""
    for name in ("api_base", "DEFAULT_API_BASE"):
        if hasattr(module, name):
            setattr(module, name, os.environ["OPSKIT_STRIPE_BASE"])


def _sandboxed():
    """Toward loopback alone, whoever set the variable."""
    base = os.environ.get("OPSKIT_STRIPE_BASE", "")
    return base.startswith(("http://127.0.0.1:", "http://localhost:", "http://[::1]:"))


STRIPE = {"stripe": _point_stripe, "stripe._stripe_client": _point_stripe}
CALMED = {
    "werkzeug.serving": _calm_werkzeug,
    "werkzeug._reloader": _calm_reloader,
    "flask.app": _calm_flask,
    "uvicorn.config": _calm_uvicorn,
    "django.utils.autoreload": _calm_django,
    "bottle": _calm_bottle,
    "uvloop": _keep_uvloop,
    "gevent._socket3": _keep_gevent,
    "eventlet.greenio.base": _keep_eventlet,
}


class _Finder:
    """Changes a module right after it is imported. What a newer release has renamed is left as it is."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name not in CHANGED:
            return None
        for finder in sys.meta_path:
            if finder is not _Finder and hasattr(finder, "find_spec"):
                spec = finder.find_spec(name, path, target)
                if spec is not None:
                    _wrap(spec, CHANGED[name])
                    return spec
        return None


def _wrap(spec, calm):
    plain = getattr(spec.loader, "exec_module", None)
    if plain is None:
        return

    def exec_module(module):
        plain(module)
        try:  # noqa: SIM105 (contextlib is not loaded in every Python that starts)
            calm(module)
        except AttributeError:
            pass

    try:  # noqa: SIM105
        spec.loader.exec_module = exec_module
    except AttributeError:
        pass


def _run_the_platforms_own():
    import importlib.machinery
    import importlib.util

    here = os.path.dirname(os.path.abspath(__file__))
    elsewhere = [folder for folder in sys.path if os.path.abspath(folder or ".") != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", elsewhere)
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


CHANGED = {}
if os.environ.get("OPSKIT_LOOPBACK") == "1":
    _keep_sockets()
    CHANGED.update(CALMED)
if _sandboxed():
    CHANGED.update(STRIPE)
if CHANGED:
    sys.meta_path.insert(0, _Finder)
_run_the_platforms_own()
