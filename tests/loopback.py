"""Ports of the loopback for servers that tests start."""

import random
import socket


def free_port() -> int:
    """A free port below the ranges from which systems take ports for connections (32768 on Linux, RFC 6335's 49152 elsewhere), so that
    no stranger's connection sits on it between this answer and the server's start."""
    while True:
        port = random.SystemRandom().randint(20000, 32000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
