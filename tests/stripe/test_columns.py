"""Price ids in the platform's own tables, and stripe.yaml drafted from them: a real PostgreSQL, a real sandbox, real processes."""

import shutil
import subprocess
import sys

import pytest

from opskit.pg.cells import Cell, read_cell, write_cell
from opskit.pg.embedded import home_of
from tests.postgres import empty_database, serving

SCHEMA = """CREATE TABLE tiers (
    id SERIAL PRIMARY KEY,
    area VARCHAR(50) NOT NULL,
    tier VARCHAR(50) NOT NULL,
    monthly_price DECIMAL(10,2) NOT NULL,
    annual_price DECIMAL(10,2) NOT NULL,
    stripe_price_id_monthly VARCHAR(255),
    stripe_price_id_annual VARCHAR(255)
);
INSERT INTO tiers (area, tier, monthly_price, annual_price) VALUES
('music', 'free', 0, 0), ('music', 'pro', 29.99, 299.99), ('tools', 'pro', 97, 970);
"""
SERVER = """const stripe = require('stripe')(process.env.STRIPE_SECRET_KEY, { apiVersion: '2023-10-16' });
const app = require('express')();
const prices = { builder: process.env.STRIPE_PRICE_BUILDER || 'price_builder_99' };
app.post('/stripe/hook', require('express').raw({ type: 'application/json' }), (req, res) => {
  const event = stripe.webhooks.constructEvent(req.body, req.headers['stripe-signature'], process.env.STRIPE_WEBHOOK_SECRET);
  if (event.type === 'invoice.paid') save(event.data.object);
  res.json({ url: prices.builder, success_url: 'https://shop.example.dev/done' });
});
app.listen(3000);
"""


def opskit(platform, *words):
    command = [sys.executable, "-m", "opskit", "--root", str(platform.root), *words]
    return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, env=platform.environment(), timeout=300)


@pytest.mark.slow
def test_init_drafts_it_and_bootstrap_fills_env_and_cells_twice_the_same(platform):
    (platform.root / "stripe.yaml").unlink()
    (platform.root / "schema.sql").write_text(SCHEMA)
    (platform.root / "server.js").write_text(SERVER)
    try:
        assert opskit(platform, "init", "--yes").returncode == 0
        drafted = (platform.root / "stripe.yaml").read_text()
        assert "column: tiers.stripe_price_id_annual" in drafted and "env: STRIPE_PRICE_BUILDER" in drafted and "amount: 97.00" in drafted
        assert 'api_version: "2023-10-16"' in drafted and "https://{domain}/stripe/hook" in drafted and "domain: shop.example.dev" in drafted
        waiting = opskit(platform, "stripe", "plan")
        assert "opskit db init" in waiting.stdout and waiting.returncode == 1
        assert opskit(platform, "db", "init", "--yes", "--fix").returncode == 0
        done = opskit(platform, "stripe", "bootstrap", "--yes")
        assert done.returncode == 0 and "4 price ids into the database" in done.stdout, done.stdout + done.stderr
        env, asked = (platform.root / ".env").read_bytes(), len(platform.sandbox.requests("POST"))
        assert opskit(platform, "stripe", "bootstrap", "--yes").returncode == 0
        assert (platform.root / ".env").read_bytes() == env and len(platform.sandbox.requests("POST")) == asked
    finally:
        shutil.rmtree(home_of(platform.root, platform.root.name), ignore_errors=True)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("cells")) as found:
        yield found


@pytest.fixture
def connection(server):
    import psycopg

    with empty_database(server, "cells") as url, psycopg.connect(url.reveal(), autocommit=True) as found:
        found.execute(SCHEMA)
        yield found


def cell(table="tiers", column="stripe_price_id_monthly", **where):
    return Cell(table, column, tuple(where.items()))


def test_a_cell_is_read_and_written_by_its_row(connection):
    pro = cell(area="music", tier="pro")
    assert read_cell(connection, pro).values == (None,)
    assert write_cell(connection, pro, "price_1") == 1 and write_cell(connection, pro, "price_1") == 0
    assert read_cell(connection, pro).values == ("price_1",) and read_cell(connection, cell(tier="pro")).values.count(None) == 1


@pytest.mark.parametrize("wrong", [cell("nowhere", area="x"), cell(column="nothing", area="x"), cell(nothing="x"), cell("other.tiers", area="x")],
                         ids=["table", "column", "selector", "schema"])
def test_what_is_not_there_is_told(connection, wrong):
    assert "does not exist" in read_cell(connection, wrong).trouble


def test_a_value_is_a_value_and_no_sql(connection):
    assert write_cell(connection, cell(area="music' OR '1'='1"), "x") == 0
