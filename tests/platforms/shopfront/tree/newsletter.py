# sends the newsletter from the Airtable list. run by hand, 1st of the month
import json
import smtplib
import urllib.request
from email.message import EmailMessage
from os import getenv

AIRTABLE_TOKEN = "@@AIRTABLE@@"
BASE_ID = "appKerzen00005000"
SENT_LOG = "C:/Users/Martina/Desktop/KerzenShop/data/sent_2024.txt"
SMTP_PORT = 587


def readers():
    url = "https://api.airtable.example/v0/%s/Readers?pageSize=100" % BASE_ID
    ask = urllib.request.Request(url, headers={"Authorization": "Bearer " + AIRTABLE_TOKEN})
    with urllib.request.urlopen(ask, timeout=30) as answer:
        return [row["fields"]["Email"] for row in json.load(answer)["records"]]


def main():
    # port 2525 if 587 is blocked again
    with smtplib.SMTP(getenv("SMTP_HOST"), SMTP_PORT) as smtp:
        smtp.starttls()
        smtp.login(getenv("SMTP_USER", "news@kerzen.example"), getenv("SMTP_PASSWORD"))
        for address in readers():
            mail = EmailMessage()
            mail["To"] = address
            mail["Subject"] = "Neue Kerzen"
            mail.set_content("Ab 50.00 portofrei!")
            smtp.send_message(mail)
            with open(SENT_LOG, "a") as log:
                log.write(address + "\n")


if __name__ == "__main__":
    main()
