# little admin page for Reto (stock + prices of the competition)
from os import environ as env

from flask import Blueprint, Flask, jsonify, send_from_directory
from PIL import Image

import price_scraper

PORT = 5000
PHOTOS = 'C:\\Users\\Martina\\Pictures\\Kerzen'

bp = Blueprint("admin", __name__, url_prefix="/admin")


@bp.route("/")
def index():
    return "<h1>Admin</h1><a href='http://127.0.0.1:5000/admin/stock'>stock</a>"


@bp.get("/prices")
def prices():
    return jsonify(price_scraper.cheapest(limit=8080))


def stock():
    return jsonify(user=env.get("ADMIN_USER", "reto"), password_set=bool(env["ADMIN_PASSWORD"]))


def photo(name):
    Image.open(PHOTOS + "/" + name).verify()
    return send_from_directory(PHOTOS, name)


def main():
    app = Flask("admin")
    app.register_blueprint(bp)
    app.add_url_rule("/admin/stock", view_func=stock)
    app.add_url_rule("/admin/photo/<name>", view_func=photo, methods=["GET"])
    app.run("0.0.0.0", PORT)


if __name__ == "__main__":
    main()
