"""Options that go together are one group, and stand in the help each by itself."""

import typer
from typer.testing import CliRunner

from opskit.cli.acting import Acting
from opskit.cli.options import Looking, Telling, flat

app = typer.Typer()


@app.command()
@flat
def act(name: str, acting: Acting, looking: Looking, telling: Telling, loud: bool = False) -> int:
    print(name, acting, looking, telling.format, telling.json, loud)
    return 0


def test_a_group_is_given_as_its_options_and_received_whole():
    told = CliRunner().invoke(app, ["shop", "--dry-run", "-y", "--all", "--json", "--loud"])
    wanted = "shop Acting(dry_run=True, diff=False, yes=True, allow_dirty=False) Looking(everything=True, review=False) text True True"
    assert told.output.strip() == wanted, told.output


def test_a_group_has_its_defaults_and_its_twins(monkeypatch):
    monkeypatch.setenv("OPSKIT_ALLOW_DIRTY", "1")
    assert "allow_dirty=True" in CliRunner().invoke(app, ["shop"]).output
