"""PHP, Ruby and Go, in the forms of Stripe's documentation: seen by their text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opskit.core.tree import Tree
from opskit.stripe.webhooks.rules import check
from opskit.stripe.webhooks.text_sightings import text_receivers
from opskit.survey.manifest import read_manifest
from opskit.survey.survey import Survey

PHP = """<?php
require 'vendor/autoload.php';
\\Stripe\\Stripe::setApiKey(getenv('STRIPE_SECRET_KEY')); // 'charge.failed' == never
$endpoint_secret = $_ENV['STRIPE_WEBHOOK_SECRET'];
$payload = @file_get_contents('php://input');
$sig_header = $_SERVER['HTTP_STRIPE_SIGNATURE'];
try {
    $event = \\Stripe\\Webhook::constructEvent($payload, $sig_header, $endpoint_secret);
} catch (\\UnexpectedValueException $e) { http_response_code(400); exit(); }
switch ($event->type) {
    case 'payment_intent.succeeded':
    case 'invoice.paid':
        handle($event->data->object);
}
"""
RUBY = """require 'stripe'
require 'sinatra'
# 'charge.failed'
post '/stripe/webhook' do
  payload, sig = request.body.read, request.env['HTTP_STRIPE_SIGNATURE']
  begin
    event = Stripe::Webhook.construct_event(payload, sig, ENV.fetch('STRIPE_WEBHOOK_SECRET'))
  rescue JSON::ParserError
    halt 400
  end
  case event.type
  when 'payment_intent.succeeded', "invoice.paid"
    fulfil(event)
  end
  status 200
end
"""
GO = """package main

import ("net/http"; "os"; "github.com/stripe/stripe-go/v82"; "github.com/stripe/stripe-go/v82/webhook")

func main() {
	http.HandleFunc("/webhook", handle)
	http.HandleFunc("/other", other)
}

func handle(w http.ResponseWriter, req *http.Request) {
	secret := os.Getenv("STRIPE_WEBHOOK_SECRET")
	event, err := webhook.ConstructEvent(payload, req.Header.Get("Stripe-Signature"), secret)
	if err != nil { w.WriteHeader(400); return }
	switch event.Type {
	case "payment_intent.succeeded": // "charge.failed":
		fulfil(event)
	case stripe.EventTypeInvoicePaid:
		fulfil(event)
	}
}
"""
RIGHT = {"public/hook.php": (PHP, "/hook.php"), "app.rb": (RUBY, "/stripe/webhook"), "main.go": (GO, "/webhook")}
UNCHECKED = {
    "app/Hook.php": PHP.replace("\\Stripe\\Webhook::constructEvent($payload, $sig_header, $endpoint_secret)", "json_decode($payload)"),
    "app.rb": RUBY.replace("Stripe::Webhook.construct_event(payload, sig, ENV.fetch('STRIPE_WEBHOOK_SECRET'))", "JSON.parse(payload)"),
    "main.go": GO.replace('webhook.ConstructEvent(payload, req.Header.Get("Stripe-Signature"), secret)', "parse(payload) // webhook.ConstructEvent("),
}


def survey(root, path, text):
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(text if isinstance(text, bytes) else text.encode())
    return Survey(Tree(root), read_manifest(root))


@pytest.mark.parametrize(("path", "text", "route"), [(path, *rest) for path, rest in RIGHT.items()], ids=RIGHT)
def test_the_documented_forms_are_seen_with_their_events_and_secret(tmp_path, path, text, route):
    (found,) = text_receivers(survey(tmp_path, path, text).tree)
    assert (found.check, found.route, found.variable, found.confidence) == ("library", route, "STRIPE_WEBHOOK_SECRET", "low")
    assert found.types == {"payment_intent.succeeded", "invoice.paid"}


@pytest.mark.parametrize(("path", "text"), UNCHECKED.items(), ids=UNCHECKED)
def test_events_taken_unchecked_are_told_as_a_warning(tmp_path, path, text):
    checked = check(survey(tmp_path, path, text))
    assert [(f.code, f.severity) for f in checked.findings] == [("OPS-H001", "warning")] and "as text" in checked.unresolved[0].what


@pytest.mark.parametrize(("path", "text"), [(path, text) for path, (text, _) in RIGHT.items()], ids=RIGHT)
def test_a_checked_receiver_has_no_finding_and_is_counted_as_read_by_its_text(tmp_path, path, text):
    checked = check(survey(tmp_path, path, text))
    assert not checked.findings and len(checked.unresolved) == 1


@pytest.mark.parametrize(("path", "text"), {
    "make.php": "<?php $stripe->webhookEndpoints->create(['enabled_events' => ['charge.failed', 'invoice.paid'], 'url' => 'x']);",
    "make.rb": "Stripe::WebhookEndpoint.create({enabled_events: ['charge.failed', 'invoice.paid']})",
    "spec/hook_spec.rb": RUBY, "main_test.go": GO, "names.go": 'package stripe\nvar a = []string{"invoice.paid", "charge.failed"}\n',
}.items())
def test_what_only_names_events_is_no_receiver(tmp_path, path, text):
    assert not text_receivers(survey(tmp_path, path, text).tree)


def test_a_secret_in_the_code_is_told(tmp_path):
    found = check(survey(tmp_path, "hook.php", PHP.replace("$_ENV['STRIPE_WEBHOOK_SECRET']", "'whsec_12345'")))
    assert [f.code for f in found.findings] == ["OPS-H005"] and "12345" not in found.findings[0].message


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([".php", ".rb", ".go"]), st.binary(max_size=300) | st.lists(st.sampled_from(
    [b"'", b'"', b"`", b"/*", b"#", b"//", b"\n", b"=begin", b"'invoice.paid'", b"case ", b", ", b" => ", b"== ", b"enabled_events", b"\\"]), max_size=60).map(b"".join))
def test_any_file_is_read_without_an_error(tmp_path_factory, suffix, data):
    text_receivers(survey(tmp_path_factory.mktemp("any"), f"a{suffix}", b"stripe " + data).tree)
