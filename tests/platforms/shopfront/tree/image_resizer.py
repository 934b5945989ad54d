# makes the small pictures for the web shop (written on the shop PC)
import os
os.environ["OPENCV_LOG_LEVEL"] = "ERROR"

import cv2
import numpy as np
from PIL import Image
from flask import Flask, request, send_file

UPLOADS = "C:/Users/Martina/Desktop/KerzenShop/uploads"
app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 5002 * 1024


@app.route("/resize", methods=["POST"])
def resize():
    name = os.path.basename(request.files["photo"].filename)
    path = os.path.join(UPLOADS, name)
    request.files["photo"].save(path)
    picture = cv2.imread(path)
    small = cv2.resize(picture, (640, 480))
    cv2.imwrite(path, np.clip(small, 0, 255))
    return send_file(path)


@app.route("/thumb/<name>")
def thumb(name):
    size = int(os.getenv("THUMB_SIZE", 128))
    picture = Image.open(os.path.join(UPLOADS, os.path.basename(name)))
    picture.thumbnail((size, size))
    out = os.path.join(UPLOADS, "t_" + os.path.basename(name))
    picture.save(out)
    return send_file(out)


def start(port=5002):
    app.run(port=port)


if __name__ == "__main__":
    start()
