"""Countries and currencies: names as ISO 3166 and 4217 have them, those of the world among them."""

from typing import Any

Json = dict[str, Any]
_COUNTRIES = """
AF AFG 4 Afghanistan;AX ALA 248 Åland Islands;AL ALB 8 Albania;DZ DZA 12 Algeria;AR ARG 32 Argentina
AU AUS 36 Australia;AT AUT 40 Austria;BE BEL 56 Belgium;BR BRA 76 Brazil;BG BGR 100 Bulgaria
CA CAN 124 Canada;CN CHN 156 China;HR HRV 191 Croatia;CZ CZE 203 Czechia;CI CIV 384 Côte d'Ivoire
DK DNK 208 Denmark;EG EGY 818 Egypt;EE EST 233 Estonia;FI FIN 246 Finland;FR FRA 250 France
DE DEU 276 Germany;GR GRC 300 Greece;HU HUN 348 Hungary;IN IND 356 India;IE IRL 372 Ireland
IL ISR 376 Israel;IT ITA 380 Italy;JP JPN 392 Japan;LV LVA 428 Latvia;LT LTU 440 Lithuania
LU LUX 442 Luxembourg;MX MEX 484 Mexico;NL NLD 528 Netherlands;NZ NZL 554 New Zealand;NO NOR 578 Norway
PL POL 616 Poland;PT PRT 620 Portugal;RO ROU 642 Romania;SG SGP 702 Singapore;SK SVK 703 Slovakia
SI SVN 705 Slovenia;ZA ZAF 710 South Africa;ES ESP 724 Spain;SE SWE 752 Sweden;CH CHE 756 Switzerland
TR TUR 792 Turkey;UA UKR 804 Ukraine;AE ARE 784 United Arab Emirates;GB GBR 826 United Kingdom
US USA 840 United States
"""
_CURRENCIES = """
AED د.إ UAE Dirham;ARS $ Argentine Peso;AUD $ AU Dollar;BRL R$ Brazilian Real;CAD $ CA Dollar
CHF CHF Swiss Franc;CNY ¥ Chinese Yuan;CZK Kč Czech Koruna;DKK kr Danish Krone;EGP £ Egyptian Pound
EUR € Euro;GBP £ British Pound;HUF Ft Forint;ILS ₪ Israeli Shekel;INR ₹ Indian Rupee;JPY ¥ Japanese Yen
NOK kr Norwegian Krone;NZD $ NZ Dollar;PLN zł Polish Zloty;SEK kr Swedish Krona;USD $ US Dollar
ZAR R Rand
"""


def _entries(text: str) -> list[str]:
    return [entry for line in text.strip().splitlines() for entry in line.split(";")]


def _country(entry: str) -> Json:
    alpha2, alpha3, number, name = entry.split(" ", 3)
    return {"alpha2Code": alpha2, "alpha3Code": alpha3, "numericCode": int(number), "name": name}


def _currency(entry: str) -> Json:
    code, symbol, name = entry.split(" ", 2)
    return {"code": code, "symbol": symbol, "name": name, "pluralName": f"{name}s"}


COUNTRIES = [_country(entry) for entry in _entries(_COUNTRIES)]
CURRENCIES = [_currency(entry) for entry in _entries(_CURRENCIES)]
COUNTRY_NAMES = frozenset(country["name"] for country in COUNTRIES)
CURRENCY_CODES = frozenset(currency["code"] for currency in CURRENCIES)
