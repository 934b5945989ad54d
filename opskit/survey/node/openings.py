"""What opens a port in Node, as data: by package, its framework's name and the port it takes when none is said.

From each project's documentation. A default of None: the framework wants a number.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Opening:
    framework: str
    default: int | None = None
    variable: str = ""
    protocol: Literal["tcp", "udp"] = "tcp"


LISTENERS: dict[str, Opening] = {
    "express": Opening("express"),
    "fastify": Opening("fastify"),
    "koa": Opening("koa"),
    "http": Opening("http"),
    "https": Opening("https"),
    "http2": Opening("http2"),
    "net": Opening("net"),
    "tls": Opening("tls"),
    "restify": Opening("restify"),
    "polka": Opening("polka"),
    "connect": Opening("connect"),
    "socket.io": Opening("socket.io"),
    "@nestjs/core": Opening("nest"),
    "elysia": Opening("elysia"),
    "apollo-server": Opening("apollo", 4000),
    "json-server": Opening("json-server"),
    "hyper-express": Opening("hyper-express"),
    "uWebSockets.js": Opening("uwebsockets"),
    "@trpc/server/adapters/standalone": Opening("trpc"),
    "@tinyhttp/app": Opening("tinyhttp"),
    "@feathersjs/express": Opening("feathers"),
    "@feathersjs/koa": Opening("feathers"),
    "sails": Opening("sails", 1337),
    "smtp-server": Opening("smtp"),
    "graphql-yoga": Opening("yoga", 4000),
    "micro": Opening("micro"),
    "@hapi/hapi": Opening("hapi"),
    "ws": Opening("ws"),
    "webpack-dev-server": Opening("webpack", 8080),
    "express-ws": Opening("express"),
    "http-proxy": Opening("http-proxy"),
    "@grpc/grpc-js": Opening("grpc"),
}
CONSTRUCTED: dict[tuple[str, str], Opening] = {
    ("ws", "WebSocketServer"): Opening("ws"),
    ("ws", "Server"): Opening("ws"),
    ("ws", "WebSocket.Server"): Opening("ws"),
    ("isomorphic-ws", "Server"): Opening("ws"),
    ("socket.io", "Server"): Opening("socket.io"),
    ("@hapi/hapi", "Server"): Opening("hapi"),
    ("@hapi/hapi", "server"): Opening("hapi"),
    ("graphql-yoga", "GraphQLServer"): Opening("yoga", 4000),
}
SERVED: dict[tuple[str, str], Opening] = {
    ("", "Bun.serve"): Opening("bun", 3000, "PORT"),
    ("", "Deno.serve"): Opening("deno", 8000),
    ("@hono/node-server", "serve"): Opening("hono", 3000),
    ("@apollo/server/standalone", "startStandaloneServer"): Opening("apollo", 4000),
    ("srvx", "serve"): Opening("srvx", 3000, "PORT"),
    ("listhen", "listen"): Opening("listhen", 3000, "PORT"),
    ("bun", "serve"): Opening("bun", 3000, "PORT"),
    ("@hapi/hapi", "server"): Opening("hapi"),
    ("react-dev-utils/WebpackDevServerUtils", "choosePort"): Opening("cra", 3000, "PORT"),
    ("fastify-cli", "start"): Opening("fastify", 3000, "FASTIFY_PORT"),
}
DATAGRAMS = Opening("dgram", protocol="udp")
CLUES = (
    b".listen", b"Server(", b"serve(", b".bind", b".server(", b"socket.io", b"?.listen", b"Microservice(", b"Microservice<", b"choosePort",
    b"app.fetch",
)
