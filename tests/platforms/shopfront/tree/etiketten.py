# -*- coding: iso-8859-1 -*-
# Etiketten für die Päckchen (Größe 62 x 100 mm), Gruß aus Zürich
import os

import barcode

DRUCKER = os.environ.get("DRUCKER_NAME", "Brüder QL-5000")
VORLAGE = r"C:\Users\Martina\Desktop\KerzenShop\Vorlagen\Päckchen.txt"
BREITE = 8080       # in 1/100 mm


def etikette(text):
    """Gibt den fertigen Text zurück."""
    kopf = "KerzenShop Müller, 8000 Zürich"
    if os.path.exists(VORLAGE):
        with open(VORLAGE, encoding="latin-1") as fh:
            kopf = fh.read()
    return kopf + "\n" + text


def strichcode(nummer):
    return barcode.get("ean13", str(nummer).zfill(12))


if __name__ == "__main__":
    print(etikette("Größe: groß"))
