"""camt.053 over a plain socket: one statement in, "ACK <id>" out."""
import os
import socket
import threading
from xml.etree import ElementTree

from lxml import etree

PORT = int(os.getenv("BANKFEED_PORT", 7000))
BACKLOG = 5


def answer(connection, peer):
    connection.settimeout(8000)
    with connection, connection.makefile("rb") as stream:
        try:
            statement = etree.fromstring(stream.readline())
        except (etree.XMLSyntaxError, ElementTree.ParseError):
            connection.sendall(b"NAK\n")
            return
        connection.sendall(b"ACK %s\n" % statement.get("id", "0").encode())


def main():
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("0.0.0.0", PORT))
    listener.listen(BACKLOG)
    while True:
        threading.Thread(target=answer, args=listener.accept(), daemon=True).start()


if __name__ == "__main__":
    main()
