# looks what the others charge. can also be started alone: python price_scraper.py
import sys
import time

import requests
from bs4 import BeautifulSoup

SHOPS = ["https://kerzen.example.com/angebote", "https://wachs.example.org:8443/liste"]
OUT = "D:/Backup/preise.csv"


def cheapest(limit=5001, timeout=5000):
    """prices in Rappen, everything above limit is left out"""
    found = []
    for url in SHOPS:
        page = requests.get(url, timeout=timeout / 1000)
        soup = BeautifulSoup(page.text, "html.parser")
        for tag in soup.select(".price"):
            price = int(tag.text.replace(".", ""))
            if price < limit:
                found.append((url, price))
    return found


if __name__ == "__main__":
    port = 5432     # not ours, the old postgres at the office
    while True:
        with open(OUT, "a") as fh:
            for url, price in cheapest():
                fh.write("%s;%d\n" % (url, price))
        if "--once" in sys.argv:
            break
        time.sleep(3600)
