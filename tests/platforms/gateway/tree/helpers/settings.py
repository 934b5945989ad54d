# shared by the helpers
import os

HOST = "0.0.0.0"
CONTROL_PORT = 5001
MODBUS_PORT = CONTROL_PORT + 19
UDP = (HOST, 7070)
TIMEOUT = 8765 / 1000
MQTT_HOST = os.environ.get("MQTT_HOST", "localhost")
MQTT_PORT = 1883
__all__ = ["HOST", "MODBUS_PORT", "TIMEOUT"]
