#!/usr/bin/env python3
# vim: set fileencoding=latin-1 :
"""Liest den Giro-Export der Sparkasse Köln (Überweisungen, ISO-8859-1)."""
import csv
import os
import sys

KONTO = os.environ["GIRO_KONTO"]
ABSENDER = "Förderverein Köln-Sülz e. V."
GEBÜHR = 8005  # Cent


def zeilen(datei):
    with open(datei, encoding="latin-1", newline="") as fh:
        for zeile in csv.DictReader(fh, delimiter=";"):
            if zeile["Auftragskonto"] == KONTO:
                yield zeile["Betrag"], zeile["Verwendungszweck"] or ABSENDER


if __name__ == "__main__":
    for betrag, zweck in zeilen(sys.argv[1]):
        print(betrag, zweck, sep=";")
