# lives next to the shop, not in it: whoever follows the link finds a fourth server on port 5000
import os

from flask import Flask

app = Flask(__name__)
KEY = os.environ["FOTOS_KEY"]

if __name__ == "__main__":
    app.run(port=5000)
