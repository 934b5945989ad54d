"""Text commands for the relays:  "on 3", "off 3", "quit"."""
import socketserver

import paho.mqtt.client as mqtt

from settings import CONTROL_PORT, HOST, MQTT_HOST, MQTT_PORT


class Relay(socketserver.StreamRequestHandler):
    timeout = 5000

    def handle(self):
        for line in self.rfile:
            word, _, number = line.decode().strip().partition(" ")
            if word == "quit":
                break
            self.server.client.publish(f"relay/{int(number)}", word)
            self.wfile.write(b"ok\n")


class Control(socketserver.ThreadingTCPServer):
    daemon_threads = True


def main():
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    client.connect_async(MQTT_HOST, MQTT_PORT, keepalive=60)
    client.loop_start()
    with Control((HOST, CONTROL_PORT), Relay) as server:
        server.client = client
        server.serve_forever()


if __name__ == "__main__":
    main()
