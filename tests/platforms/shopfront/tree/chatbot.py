# "Kerzi", the chat bot on the home page
import os

import anthropic
import requests
from flask import Flask, jsonify, request

API_KEY = os.getenv("ANTHROPIC_API_KEY", "@@ANTHROPIC@@")
SHOP = f"http://localhost:{5000}/api/products"

app = Flask(__name__)


@app.post("/chat")
def chat():
    client = anthropic.Anthropic(api_key=API_KEY)
    products = requests.get(SHOP, timeout=10).text
    answer = client.messages.create(
        model=os.environ.get("KERZI_MODEL", "claude-3-5-haiku-latest"),
        max_tokens=5055,
        system="You sell candles. " + products,
        messages=[{"role": "user", "content": request.json["message"]}],
    )
    return jsonify(reply=answer.content[0].text)


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ.get("CHAT_PORT", "5055")))
