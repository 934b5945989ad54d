"""The room's diagnostic codes, each with a minimal bad and good platform that the tests run; live ones are told while services run."""

from opskit.core.codes import Code

_APP = "from flask import Flask{more}\n\napp = Flask(__name__)\n\n\n@app.route('/run')\ndef run():\n    {body}\n\n\napp.run({options})\n"
_TOML = 'version = 1\n\n[services.api]\ncommand = "python api.py"\n{api}\n[services.web]\ncommand = "python web.py"\n{web}'


def _app(options: str = "port=8010", body: str = "return 'ok'", more: str = "") -> str:
    return _APP.format(options=options, body=body, more=more)


def _listed(api: str = "", web: str = "") -> dict[str, str]:
    return {"opskit.toml": _TOML.format(api=api, web=web), "api.py": _app(), "web.py": _app("port=8011")}


_GOOD = {"api.py": _app()}


def _live(number: int, title: str, why: str, mend: str) -> Code:
    return Code(f"OPS-V{number:03d}", title, why, mend, live=True)


CODES: tuple[Code, ...] = (
    _live(1, "a port is taken by another program",
          "A service cannot open a port that a stranger holds; `up` names the holder and starts the others.",
          "End that program, or give the service another port in ports.toml."),
    Code("OPS-V002", "services wait for each other", "A circle in depends_on means that none of its services can ever start.",
         "Take one of them out of the other's depends_on.",
         _listed('depends_on = ["web"]\n', 'depends_on = ["api"]\n'), _listed('depends_on = ["web"]\n')),
    Code("OPS-V003", "depends_on names no service",
         "opskit.toml does not list the service that another one waits for, so `up` refuses to guess.",
         "Correct the name, or add the service.", _listed('depends_on = ["databse"]\n'), _listed('depends_on = ["web"]\n')),
    Code("OPS-V005", "a debugger is on",
         "Werkzeug's debugger runs any code that a visitor types (https://werkzeug.palletsprojects.com/en/stable/debug/); it must never be "
         "reachable by others. Under `opskit up` it is off whatever the code says.",
         "Take `debug=True` out; use the debugger of an editor.",
         {"api.py": _app("port=8010, debug=True")}, _GOOD),
    Code("OPS-V006", "a line that will fail when it runs",
         "The name is used and never bound, or the file does not parse: the service ends there.",
         "Import or define what the line uses.",
         {"api.py": _app(body="return os.getcwd()")}, {"api.py": _app(body="return os.getcwd()", more="\nimport os")}),
    Code("OPS-V007", "request text reaches a shell",
         "Whoever can send a request can run any command on this machine as the user of the service.",
         "Take the command out of the request's hands: a fixed list of actions, no shell.",
         {"api.py": _app(body="return os.popen(request.args['cmd']).read()", more=", request\nimport os")}, _GOOD),
    Code("OPS-V008", "a service opens a tunnel to the internet", "A tunnel publishes a local port to everyone, past every firewall.",
         "Take the tunnel out; start one by hand for as long as it is needed.",
         {"api.py": _app(more="\nfrom pyngrok import ngrok\n\nngrok.connect(8010)")}, _GOOD),
    Code("OPS-V009", "a served folder holds secrets", "Everything below the folder can be fetched by name: code, keys, `.env`.",
         "Serve a folder of its own that holds nothing but public files.",
         {"api.py": _app(body="return send_from_directory('.', request.args['name'])", more=", request, send_from_directory"),
          ".env": "API_KEY=abc\n"}, _GOOD),
    _live(10, "services of this platform are up already", "Two supervisors of one platform would fight for its ports.",
          "`opskit status` shows what runs, `opskit down` ends it."),
    _live(11, "this system cannot supervise", "`up` forks and speaks over a unix socket, which Windows does not offer.",
          "Run opskit inside WSL; `opskit run -- COMMAND` works on Windows too."),
    _live(12, "the supervisor does not answer", "It was stopped, is stuck, or could not start.",
          "`opskit down` ends it and everything it started."),
    _live(13, "processes of an earlier run cannot be ended", "They belong to another user.", "End them as their owner or as root."),
    _live(14, "a service is disabled", "opskit.toml says `enabled = false`, mostly because of a danger that its reason names.",
          "Remove the danger and set `enabled = true`, or give --all."),
    _live(15, "nothing says what to run", "`up` runs what opskit.toml lists and nothing else.", "`opskit init` proposes one."),
    _live(16, "nothing is up", "The command speaks to services that run, and none does.", "`opskit up` starts them."),
    Code("OPS-V017", "a service listens to the microphone", "It records whoever is near the machine it runs on.",
         "Run it by hand where that is wanted; `init` writes it disabled.",
         {"api.py": _app(more="\nimport sounddevice\n\nsounddevice.rec(99)")}, _GOOD),
    Code("OPS-V018", "a listed service's file is not there",
         "The command names a file that the platform does not hold, so it cannot start.",
         "Correct the command, or take the entry out of opskit.toml.",
         {"opskit.toml": '[services.api]\ncommand = "python old_api.py"\n', "api.py": _app()},
         {"opskit.toml": '[services.api]\ncommand = "python api.py"\n', "api.py": _app()}),
    Code("OPS-V020", "the publish folder is the whole repository",
         "A static host serves every file below its publish folder: code, opskit.toml and any .env.",
         "Move the pages to a folder of their own and publish that.",
         {"netlify.toml": '[build]\npublish = "."\n'}, {"netlify.toml": '[build]\npublish = "public"\n'}),
)
