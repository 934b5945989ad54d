# a pretend inverter, answers every question with 230 volt
import socket
import struct

from settings import *

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
address = (HOST, MODBUS_PORT)
s.bind(address)
s.listen()

while True:
    peer, who = s.accept()
    peer.settimeout(TIMEOUT)
    try:
        head = peer.recv(12)
        peer.sendall(head[:4] + struct.pack(">HBBBH", 5, 1, 3, 2, 230))
    except (TimeoutError, ConnectionError):
        pass
    finally:
        peer.close()
