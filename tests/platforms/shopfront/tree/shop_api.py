"""
KerzenShop main API  (start me first!!)

Needs a .env next to this file.  Before there was a .env you had to write

    export SHOP_REGION=ch
    os.getenv("SHOP_REGION")        <- not used any more

and start it with  app.run(port=5009).
"""
import os
import json
import datetime

import jwt
import yaml
import psycopg2
from dotenv import load_dotenv
from flask import Flask, jsonify, request
from flask_cors import CORS

from config import ORDERS_JSON

load_dotenv()

app = Flask(__name__)
CORS(app)

DATABASE_URL = os.environ.get("DATABASE_URL")
JWT_SECRET = os.getenv("JWT_SECRET") or os.urandom(24).hex()   # logs everybody out on restart, fix later
CATALOGUE = os.getenv('CATALOGUE', 'C:/Users/Martina/Desktop/KerzenShop/data/catalogue.yaml')


def db():
    return psycopg2.connect(DATABASE_URL, connect_timeout=5)


@app.route('/')
def home():
    return jsonify(ok=True, service='kerzenshop', started=str(datetime.date.today()))


@app.get("/api/products")
def products():
    with open(CATALOGUE, encoding="utf-8") as fh:
        return jsonify(yaml.safe_load(fh))


@app.route("/api/login", methods=["POST"])
def login():
    body = request.get_json()
    token = jwt.encode({"sub": body["email"]}, JWT_SECRET, algorithm="HS256")
    return jsonify(token=token, expires_in=3600)


@app.route("/api/cart", methods=["GET", "POST"])
def cart():
    if request.method == "POST":
        return jsonify(saved=True), 201
    return jsonify(items=[], free_from=5000)


@app.route("/api/orders/<int:order_id>")
def order(order_id):
    with open(ORDERS_JSON) as fh:
        orders = json.load(fh)
    return jsonify(orders.get(str(order_id), {}))


if __name__ == '__main__':
    app.run(host='0.0.0.0', port=5000, debug=True)
