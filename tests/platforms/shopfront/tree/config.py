# config.py -- all the paths in ONE place (the other scripts still have their own, sorry)
import os

BASE = "C:/Users/Martina/Desktop/KerzenShop"
DATA_DIR = BASE + "/data"
ORDERS_JSON = os.path.join(DATA_DIR, "orders.json")
INVOICE_DIR = r"C:\Users\Martina\Documents\Rechnungen 2024"

# ports of the helpers
LABEL_PORT = 8080
# LABEL_PORT = 9100   <- the zebra itself listens here, not us!

LABEL_TIMEOUT = 9000            # ms
MAX_UPLOAD = 5000 * 1024        # bytes
FREE_SHIPPING_FROM = 4900       # cents
SHOP_SINCE = 2019
POSTCODE = 8000                 # Zurich
