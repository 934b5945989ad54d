"""The meters shout their state as UDP packets; also reads the serial port if there is one."""
import os
import socket

import settings


def upstream(number):
    return os.getenv(f"METER_{number}_URL", f"http://localhost:{number + 5000}/")


def serial_lines():
    import serial
    with serial.Serial(os.environ["SERIAL_DEVICE"], baudrate=9600) as line:
        yield from line


def main():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(settings.UDP)
    while True:
        packet, (host, port) = sock.recvfrom(8080)
        print(host, port, packet[:20], upstream(packet[0] if packet else 0), flush=True)


if __name__ == "__main__":
    main()
