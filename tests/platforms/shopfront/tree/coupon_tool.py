# makes coupon codes (half done, Reto called)
import random
from flask import Flask

app = Flask(__name__)

def coupon(percent=10:
    return "KERZE%d-%04d" % (percent, random.randint(1000, 9999))

@app.route("/coupon")
def one():
    return coupon()

app.run(port=5001)
