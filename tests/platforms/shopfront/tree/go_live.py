# opens the shop on my PC to the internet so the customers can test it
import subprocess
import time

import requests

SHOP_PORT = 5000

proc = subprocess.Popen(["ngrok", "http", str(SHOP_PORT), "--log=stdout"])
time.sleep(3)
try:
    tunnels = requests.get("http://localhost:4040/api/tunnels", timeout=5).json()
    print("shop is live at", tunnels["tunnels"][0]["public_url"])
    proc.wait()
finally:
    proc.terminate()
