"""Nest's microservices: which of them listen on a port of their own (docs.nestjs.com/microservices/basics, .../grpc).

TCP and gRPC open one; with Redis, NATS, MQTT, RabbitMQ and Kafka the service is a broker's client."""

from typing import TYPE_CHECKING

from opskit.survey.node.modules import Module
from opskit.survey.node.openings import Opening
from opskit.survey.node.program import entry
from opskit.survey.node.things import Seen

if TYPE_CHECKING:
    from tree_sitter import Node

    from opskit.survey.node.values import Evaluator

METHODS = {"createMicroservice": 1, "connectMicroservice": 0}
TCP, GRPC = Opening("nest-tcp", 3000), Opening("nest-grpc", 5000)
TRANSPORTS = {"": TCP, "TCP": TCP, "GRPC": GRPC}


def transport(evaluator: "Evaluator", module: Module, call: "Node") -> tuple[Opening, Seen | None] | None:
    """(what is opened, the transport's own options) of `createMicroservice(M, {...})` and `connectMicroservice({...})`."""
    function, arguments = call.child_by_field_name("function"), call.child_by_field_name("arguments")
    if function is None or function.type != "member_expression" or arguments is None:
        return None
    at = METHODS.get(module.source.text(function.child_by_field_name("property")))
    given = [a for a in arguments.named_children if a.type != "comment"]
    if at is None or not module.imports("@nestjs/core", "@nestjs/microservices"):
        return None
    if len(given) <= at:
        return TCP, None
    seen = evaluator.things.of(module, given[at])
    if seen and (made := entry(seen.module, seen.node, "useFactory")) is not None:
        ended = evaluator.things.end(seen.module, made)
        seen = evaluator.things.of(ended.module, ended.node) if ended else None
    if seen is None or seen.node.type != "object" or entry(seen.module, seen.node, "strategy") is not None:
        return None
    kind = seen.module.source.text(entry(seen.module, seen.node, "transport")).rpartition(".")[2]
    inner = entry(seen.module, seen.node, "options")
    return (TRANSPORTS[kind], evaluator.things.of(seen.module, inner)) if kind in TRANSPORTS else None
