# orders by voice, for Oma.  needs a microphone on the shop PC!
import os
import threading

import speech_recognition as sr
from flask import Flask, jsonify

app = Flask(__name__)
heard = []


def listen_forever():
    recognizer = sr.Recognizer()
    recognizer.energy_threshold = 4000
    with sr.Microphone(sample_rate=16000) as source:
        while True:
            audio = recognizer.listen(source)
            try:
                heard.append(recognizer.recognize_google(audio, language=os.environ.get("VOICE_LANG", "de-CH")))
            except sr.UnknownValueError:
                continue


@app.route("/heard")
def get_heard():
    return jsonify(heard[-50:])


@app.route("/clear", methods=["DELETE"])
def clear():
    heard.clear()
    return "", 204


if __name__ == "__main__":
    threading.Thread(target=listen_forever, daemon=True).start()
    app.run(host="0.0.0.0", port=5060, threaded=True)
