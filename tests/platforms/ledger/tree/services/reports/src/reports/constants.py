TITLE = "Saldenliste"
FIRST_YEAR = 2019
PORT = 8002
ROWS_PER_PAGE = 8000
SKR = {8001: "Umsatzerlöse 19 %", 8003: "Umsatzerlöse 7 %", 5000: "Wareneinkauf"}
