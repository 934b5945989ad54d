"""`opskit stripe ...` as a person runs it: real processes, a real HTTP server that behaves as Stripe is documented to."""

import json
import subprocess
import sys

import pytest

from tests.stripe.conftest import FILE


def writes(platform):
    return len(platform.sandbox.requests("POST", "DELETE"))


def test_once_makes_everything_and_twice_is_once(platform):
    first = platform.run("bootstrap", "--yes")
    assert first.returncode == 0, first.stderr
    values = platform.values
    assert values["STRIPE_PRICE_BUILDER"].startswith("price_") and values["STRIPE_WEBHOOK_SECRET"].startswith("whsec_")
    assert (platform.root / ".env").stat().st_mode & 0o777 == 0o600
    asked = writes(platform)
    again = platform.run("bootstrap", "--yes")
    assert again.returncode == 0 and writes(platform) == asked and platform.values == values
    assert values["STRIPE_WEBHOOK_SECRET"] not in first.stdout + first.stderr


@pytest.mark.slow
def test_the_plan_names_the_writes_that_bootstrap_makes_and_makes_none(platform):
    planned = platform.run("plan", "--json")
    report = json.loads(planned.stdout)
    assert planned.returncode == 1 and writes(platform) == 0 and not (platform.root / ".env").exists()
    done = json.loads(platform.run("bootstrap", "--yes", "--json").stdout)
    assert [c["action"] for c in done["applied"]] == [c["action"] for c in report["plan"]] and writes(platform) == len(report["plan"])
    assert platform.run("plan").returncode == 0 and platform.run("status").returncode == 0


def test_without_a_terminal_it_wants_yes_and_a_dry_run_writes_nothing(platform):
    stopped = platform.run("bootstrap")
    assert stopped.returncode == 2 and "--yes" in stopped.stderr
    assert platform.run("bootstrap", "--dry-run").returncode == 1 and writes(platform) == 0


@pytest.mark.slow
def test_values_go_into_env_by_span_and_undo_takes_the_file_back(platform):
    before = b"# keys\r\nSTRIPE_SECRET_KEY=sk_test_4444444444444444  # ours\r\nSTRIPE_PRICE_BUILDER=price_...\r\nLAST='kept'"
    (platform.root / ".env").write_bytes(before)
    assert platform.run("bootstrap", "--yes").returncode == 0
    after = (platform.root / ".env").read_bytes()
    assert after.startswith(before.split(b"price_...")[0] + b"price_") and b"\r\nLAST='kept'\r\nSTRIPE_PRICE_STUDIO=price_" in after
    subprocess.run([sys.executable, "-m", "opskit", "--root", str(platform.root), "undo"], check=True, capture_output=True)
    assert (platform.root / ".env").read_bytes() == before


@pytest.mark.slow
def test_a_look_alike_stops_it_and_adopting_it_writes_its_id_into_stripe_yaml(platform):
    client = platform.sandbox.client()
    made = client.v1.products.create(params={"name": "Builder"})
    price = client.v1.prices.create(params={"product": made.id, "currency": "usd", "unit_amount": 9900, "recurring": {"interval": "month"}})
    asked = writes(platform)
    stopped = platform.run("bootstrap", "--yes")
    assert stopped.returncode == 1 and made.id in stopped.stdout and "OPS-S002" in stopped.stdout and writes(platform) == asked
    assert platform.run("bootstrap", "--yes", "--adopt", made.id).returncode == 0
    assert f"    id: {made.id}\n" in (platform.root / "stripe.yaml").read_text() and platform.values["STRIPE_PRICE_BUILDER"] == price.id
    asked = writes(platform)
    assert platform.run("bootstrap", "--yes").returncode == 0 and writes(platform) == asked


@pytest.mark.slow
def test_a_new_amount_moves_the_key_the_default_and_the_variable(platform):
    platform.run("bootstrap", "--yes")
    old = platform.values["STRIPE_PRICE_BUILDER"]
    (platform.root / "stripe.yaml").write_text(FILE.replace("99.00", "129.00", 1))
    assert platform.run("bootstrap", "--yes").returncode == 0
    store = platform.sandbox.server.engine.store
    prices, new = {p.id: p.body for p in store.select("price")}, platform.values["STRIPE_PRICE_BUILDER"]
    assert not prices[old]["active"] and not prices[old]["lookup_key"] and prices[new]["lookup_key"] == "builder_monthly"
    assert next(p.body["default_price"] for p in store.select("product") if p.id == "prod_builder") == new


def test_a_live_key_reaches_no_sandbox(platform):
    (platform.root / ".env").write_text("STRIPE_SECRET_KEY=sk_live_4444444444444444\n")
    done = platform.run("bootstrap", "--yes", "--live", "--confirm", "acct_1")
    assert done.returncode == 2 and "a live key is never sent to a sandbox" in done.stderr and not platform.sandbox.requests() and "4444" not in done.stderr


def test_two_lines_of_one_name_in_both_modes_stop_it_whichever_wins(platform):
    (platform.root / ".env").write_text("STRIPE_SECRET_KEY=sk_live_4444444444444444\nSTRIPE_SECRET_KEY=sk_test_4444444444444444\n")
    done = platform.run("plan")
    assert done.returncode == 2 and "STRIPE_SECRET_KEY stands there twice" in done.stderr and "4444" not in done.stderr and not platform.sandbox.requests()


@pytest.mark.slow
def test_a_secret_is_not_written_into_a_file_that_git_tracks(platform):
    (platform.root / ".env").write_text("A=1\n")
    for words in (["init", "-q"], ["add", ".env"]):
        subprocess.run(["git", *words], cwd=platform.root, check=True)
    done = platform.run("bootstrap", "--yes")
    assert done.returncode == 2 and "OPS-E012" in done.stderr and writes(platform) == 0


def test_a_dead_server_is_exit_3_and_named(platform):
    done = platform.run("plan", base="http://127.0.0.1:9")
    assert done.returncode == 3 and "http://127.0.0.1:9" in done.stderr and "opskit stripe sandbox" in done.stderr


@pytest.mark.parametrize("notes", ["with its notes", "on another machine"])
def test_what_somebody_deleted_within_the_day_is_made_anew_and_not_replayed(platform, notes):
    """The API answers a known idempotency key with what it made then: here with an endpoint that is no more."""
    import shutil

    assert platform.run("bootstrap", "--yes").returncode == 0
    for _ in range(2):
        client = platform.sandbox.client()
        [gone] = client.v1.webhook_endpoints.list().data
        client.v1.webhook_endpoints.delete(gone.id)
        if notes == "on another machine":
            shutil.rmtree(platform.root / ".opskit")
        assert platform.run("status").returncode == 1
        done = platform.run("bootstrap", "--yes")
        assert done.returncode == 0, done.stderr
        [made] = platform.sandbox.client().v1.webhook_endpoints.list().data
        assert made.id != gone.id and platform.run("plan").returncode == 0


def test_status_tells_what_moved_on_in_the_account_and_in_env(platform):
    platform.run("bootstrap", "--yes")
    assert platform.run("status").returncode == 0
    platform.sandbox.client().v1.products.update("prod_studio", params={"name": "Atelier"})
    (platform.root / ".env").write_text((platform.root / ".env").read_text().replace("STRIPE_PRICE_BUILDER=", "STRIPE_PRICE_BUILDER=price_old"))
    done = platform.run("status", "--json")
    told = [finding["message"] for finding in json.loads(done.stdout)["findings"]]
    assert done.returncode == 1 and len(told) == 2 and "product studio" in told[0] and "STRIPE_PRICE_BUILDER" in told[1]


def test_a_file_that_gets_a_secret_is_its_owner_s_alone(platform):
    (platform.root / ".env").write_text("A=1\n")
    (platform.root / ".env").chmod(0o644)
    assert platform.run("bootstrap", "--yes").returncode == 0
    assert (platform.root / ".env").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("notes", [
    '{"version": 1, "accounts": {"', "[]", '{"version": 1, "accounts": []}', '{"version": 1, "accounts": {"a": {"open": {"main": {"x": 1}}, "bumps": {}}}}',
    '{"version": 1, "accounts": {"a": {"open": [], "bumps": {}}}}', '{"version": 2, "accounts": {}}',
], ids=["cut short", "a list", "accounts a list", "an entry of others", "open a list", "a newer version"])
def test_notes_that_cannot_be_read_are_no_crash(tmp_path, notes):
    from opskit.core.errors import OpskitError
    from opskit.stripe.pending import Store

    (tmp_path / ".opskit").mkdir()
    (tmp_path / ".opskit" / "stripe.json").write_text(notes)
    with pytest.raises(OpskitError, match="cannot be read"):
        Store(tmp_path, "acct_1", "test", "shop")


def answered(platform, answer, *words, meanwhile=lambda: None):
    """A run at a terminal, where a person reads the plan and answers."""
    import os
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "opskit", "--root", str(platform.root), "stripe", "bootstrap", *words]
    child = subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=platform.environment())
    seen = ""
    while "[y/N]" not in seen and (piece := child.stdout.read(1)):
        seen += piece
    meanwhile()
    os.write(ours, answer)
    seen += child.stdout.read()
    os.close(ours)
    os.close(theirs)
    return child.wait(), seen


@pytest.mark.slow
def test_a_person_says_no_and_nothing_is_written_yes_and_the_adopted_id_is_kept(platform):
    client = platform.sandbox.client()
    made = client.v1.products.create(params={"name": "Studio"})
    asked = writes(platform)
    code, seen = answered(platform, b"n\n", "--adopt", made.id)
    assert code == 2 and "nothing was changed" in seen and writes(platform) == asked
    code, seen = answered(platform, b"y\n", "--adopt", made.id)
    assert code == 0 and f"    id: {made.id}\n" in (platform.root / "stripe.yaml").read_text(), seen


@pytest.mark.slow
def test_an_account_that_moves_on_while_a_person_reads_stops_it(platform):
    code, seen = answered(platform, b"y\n", meanwhile=lambda: platform.sandbox.client().v1.products.create(params={"name": "Builder", "id": "prod_builder"}))
    assert code == 1 and "OPS-S009" in seen and writes(platform) == 1


@pytest.mark.parametrize(("spoil", "told"), [
    (lambda file: (file.write_text("A=1\n"), file.chmod(0o400)), "it is read-only"), (lambda file: file.mkdir(), "is no plain file"),
], ids=["read-only", "a folder"])
def test_a_file_that_cannot_take_the_values_is_told_before_anything_is_made(platform, spoil, told):
    spoil(platform.root / ".env")
    done = platform.run("bootstrap", "--yes")
    assert done.returncode == 2 and told in done.stderr and not writes(platform)


@pytest.mark.slow
def test_a_run_that_waited_for_another_does_not_write_what_it_saw_before(platform):
    import time

    from opskit.core.lock import lock

    with lock(platform.root, "a test"):
        command = [sys.executable, "-m", "opskit", "--root", str(platform.root), "stripe", "bootstrap", "--yes"]
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=platform.environment())
        while not any("prices" in each["path"] for each in platform.sandbox.requests("GET")) and child.poll() is None:
            time.sleep(0.05)
        time.sleep(1)
        (platform.root / ".env").write_text("STRIPE_PRICE_BUILDER=price_anothers\n")
    said = child.communicate(timeout=60)[0]
    assert child.returncode == 1 and "another run wrote here" in said and not writes(platform)
