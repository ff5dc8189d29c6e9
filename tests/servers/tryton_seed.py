"""What stands in the Tryton test database: a made-up wholesaler of tea with its customers, always the same.

Written with a few large calls, because Tryton takes seconds for a hundred small ones. Start at `seed`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

import requests

DATABASE, USER, PASSWORD = "company", "admin", "made-up-password-1"
PERSONS, ORGANISATIONS, SALES, OPPORTUNITIES = 240, 12, 150, 40
GIVEN = (
    "Ada", "Bruno", "Chiara", "Dimitri", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Keiko", "Leila",
    "Mateo", "Nadia", "Oskar", "Paula", "Quentin", "Rosa", "Sven", "Tamar",
)  # fmt: skip
FAMILY = (
    "Almgren", "Bellweather", "Corvino", "Dunmarrow", "Eskildsen", "Fairbough", "Grünwald", "Hollowell", "Iversdotter",
    "Jarrington", "Kestrelby", "Lindqvarn",
)  # fmt: skip
CITIES = (("Antwerp", "2000"), ("Bremen", "28195"), ("Lyon", "69001"), ("Turin", "10121"))
COUNTRIES = (("Belgium", "BE"), ("Germany", "DE"), ("France", "FR"), ("Italy", "IT"))
CATEGORIES = ("Black tea", "Green tea", "Herbs", "Pots and cups")
PRODUCTS = 24
FIRST_DAY = date(2025, 1, 6)
# What counts as an order: the customer agreed.
ORDERED = ("confirmed", "processing", "done")

Call = Callable[..., Any]


class RpcError(Exception):
    """Tryton answered with an error; `reply` is what it said."""

    def __init__(self, status: int, reply: Any) -> None:
        super().__init__(f"HTTP {status}: {reply}")
        self.status = status
        self.reply = reply


class Rpc:
    """A session with the server, for seeding and for changing things in tests; the user's context goes with every call."""

    def __init__(self, url: str, user: str, password: str) -> None:
        self._url = f"{url}/rpc/"
        self._http = requests.Session()
        self._http.auth = lambda request: request  # no .netrc
        self._user, self._password = user, password
        self._log_in()

    def _log_in(self) -> None:
        session = self._ask("common.db.login", self._user, {"password": self._password}, "en")
        token = base64.b64encode(f"{self._user}:{session[0]}:{session[1]}".encode()).decode()
        self._http.headers["Authorization"] = f"Session {token}"

    def call(self, method: str, *params: Any) -> Any:
        """The result of a method, the context added as its last parameter."""
        try:
            context = self._ask("model.res.user.get_preferences", True, {})
        except RpcError as error:
            if error.status != 401:  # the session ends after some minutes without a call
                raise
            self._log_in()
            context = self._ask("model.res.user.get_preferences", True, {})
        extra = {}
        if params and isinstance(params[-1], Extra):
            extra = params[-1].context
            params = params[:-1]
        return self._ask(method, *params, {**context, **extra})

    def _ask(self, method: str, *params: Any) -> Any:
        body = json.dumps({"id": 1, "method": method, "params": list(params)}, default=tagged)
        answer = self._http.post(self._url, data=body, headers={"Content-Type": "application/json"}, timeout=300)
        if answer.status_code != 200:
            raise RpcError(answer.status_code, answer.text[:200])
        reply = answer.json()
        if "error" in reply:
            raise RpcError(200, reply["error"])
        return reply["result"]


@dataclass(frozen=True)
class Extra:
    """Goes into the context of one call, given as the last parameter."""

    context: dict[str, Any]


def tagged(value: object) -> dict[str, Any]:
    """Decimals and dates as Tryton writes them in JSON."""
    if isinstance(value, Decimal):
        return {"__class__": "Decimal", "decimal": str(value)}
    if isinstance(value, date):
        return {"__class__": "date", "year": value.year, "month": value.month, "day": value.day}
    raise TypeError(type(value).__name__)


@dataclass
class Truth:
    """What is in the seeded database. Keys are Tryton ids as text, as they stand in `_key`."""

    counts: dict[str, int] = field(default_factory=dict)  # object -> rows, archived ones too
    people: dict[str, dict[str, str]] = field(default_factory=dict)  # party -> name, kind, email ...
    products: dict[str, dict[str, str]] = field(default_factory=dict)  # product -> name, price, category
    sales: dict[str, dict[str, str]] = field(default_factory=dict)  # sale -> party, day, state, amount
    opportunities: dict[str, dict[str, str]] = field(default_factory=dict)  # opportunity -> party, amount

    def spent(self) -> dict[str, Decimal]:
        """What each party ordered, in EUR, without drafts, quotations and cancelled sales."""
        sums: dict[str, Decimal] = {}
        for sale in self.sales.values():
            if sale["state"] in ORDERED:
                sums[sale["party"]] = sums.get(sale["party"], Decimal(0)) + Decimal(sale["amount"])
        return sums

    def as_json(self) -> dict[str, Any]:
        """For keeping beside the database."""
        return asdict(self)

    @classmethod
    def read(cls, path: Path) -> Truth:
        """What was kept."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))


def seed(rpc: Call) -> Truth:
    """Fill an initialised, empty database."""
    truth = Truth()
    places = _company(rpc)
    parties = _parties(rpc, truth, places)
    products = _products(rpc, truth)
    _sales(rpc, truth, parties, products, places)
    _opportunities(rpc, truth, parties, places)
    for model in ("party.party", "party.identifier", "party.contact_mechanism", "party.address", "product.product",
                  "sale.sale", "sale.line", "sale.opportunity"):  # fmt: skip
        archives = model.startswith(("party.", "product."))
        truth.counts[model] = rpc(f"model.{model}.search_count", [["active", "in", [True, False]]] if archives else [])
    return truth


def merge(rpc: Call, loser: int, winner: int) -> None:
    """Merge a party into another with the wizard `party.replace`, saying yes to what it warns of (different names)."""
    about = Extra({"active_model": "party.party", "active_id": loser, "active_ids": [loser]})
    session = rpc("wizard.party.replace.create")[0]
    for _ in range(5):
        try:
            rpc("wizard.party.replace.execute", session, {"ask": {"source": loser, "destination": winner}}, "replace", about)
            break
        except RpcError as error:
            if error.reply[0] != "UserWarning":
                raise
            rpc("model.res.user.warning.skip", error.reply[1][0], False)
    rpc("wizard.party.replace.delete", session)


def _company(rpc: Call) -> dict[str, Any]:
    """The company itself, its currency, and the countries: Tryton has none at first."""
    currency = rpc(
        "model.currency.currency.create",
        [{"name": "Euro", "code": "EUR", "symbol": "€", "rounding": Decimal("0.01"), "digits": 2}],
    )[0]
    countries = rpc("model.country.country.create", [{"name": name, "code": code} for name, code in COUNTRIES])
    party = rpc("model.party.party.create", [{"name": "Tealeaf Wholesale", "addresses": []}])[0]
    company = rpc("model.company.company.create", [{"party": party, "currency": currency}])[0]
    rpc("model.res.user.write", [1], {"companies": [["add", [company]]], "company": company})
    unit = rpc("model.product.uom.search", [["symbol", "=", "u"]], 0, 1, None)[0]
    return {"currency": currency, "countries": countries, "company": company, "unit": unit, "own": party}


def _parties(rpc: Call, truth: Truth, places: dict[str, Any]) -> list[int]:
    people = [_person(number, places) for number in range(PERSONS)] + [_firm(number, places) for number in range(ORGANISATIONS)]
    ids = rpc("model.party.party.create", people)
    truth.people[str(places["own"])] = {"name": "Tealeaf Wholesale", "kind": "own"}
    for key, party in zip(ids, people, strict=True):
        reply = {kind: value for kind, value in _mechanisms(party)}
        kind = "organisation" if party.get("identifiers") else "person"
        truth.people[str(key)] = {"name": party["name"], "kind": kind, **reply}
    archived = ids[5:PERSONS:60]  # four persons
    rpc("model.party.party.write", archived, {"active": False})
    for key in archived:
        truth.people[str(key)]["archived"] = "yes"
    return list(ids)


def _mechanisms(party: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["type"], one["value"]) for one in party["contact_mechanisms"][0][1]]


def _person(number: int, places: dict[str, Any]) -> dict[str, Any]:
    given, family = GIVEN[number % len(GIVEN)], FAMILY[number // len(GIVEN) % len(FAMILY)]
    ways = []
    if number % 10 != 3:  # one in ten has no e-mail
        ways.append({"type": "email", "value": f"{given}.{family}".lower().replace("ü", "u") + "@example.org"})
    if number % 3 == 0:
        ways.append({"type": "phone", "value": f"+1 {212 + number // 100} 555 01{number % 100:02d}"})
    if number % 4 == 1:
        ways.append({"type": "mobile", "value": f"+1 {312 + number // 100} 555 01{number % 100:02d}"})
    if number % 40 == 7:
        ways.append({"type": "skype", "value": f"live:{given.lower()}{number}"})
    return {
        "name": f"{given} {family}",
        "contact_mechanisms": [["create", ways]],
        "addresses": [["create", [_address(number, places)]]],
    }


def _firm(number: int, places: dict[str, Any]) -> dict[str, Any]:
    digits = 99900000 + number  # the last two digits of a Belgian VAT number check the others
    return {
        "name": f"{FAMILY[number]} Teahouse",
        "contact_mechanisms": [["create", [{"type": "email", "value": f"office@teahouse{number}.example"}]]],
        "addresses": [["create", [_address(500 + number, places)]]],
        "identifiers": [["create", [{"type": "be_vat", "code": f"0{digits // 10:07d}{97 - digits // 10 % 97:02d}"}]]],
    }


def _address(number: int, places: dict[str, Any]) -> dict[str, Any]:
    place = number % len(CITIES)
    city, postcode = CITIES[place]
    return {
        "street_unstructured": f"{number + 1} Harbour Lane", "city": city, "postal_code": postcode,
        "country": places["countries"][place],
    }  # fmt: skip


def _products(rpc: Call, truth: Truth) -> list[tuple[int, Decimal]]:
    categories = rpc("model.product.category.create", [{"name": name} for name in CATEGORIES])
    unit = rpc("model.product.uom.search", [["symbol", "=", "u"]], 0, 1, None)[0]
    # Four decimals, so that amounts must be rounded; never exactly to a half cent.
    prices = [Decimal(4 + number) + Decimal(number % 5) / 10 + Decimal("0.0201") for number in range(PRODUCTS)]
    templates = [
        {
            "name": f"{CATEGORIES[number % 4]} no. {number + 1}", "default_uom": unit, "sale_uom": unit, "salable": True,
            "type": "goods" if number % 6 else "service", "list_price": price,
            "categories": [["add", [categories[number % 4]]]],
            "products": [["create", [{"suffix_code": f"T{number + 1:03d}"}]]],
        }
        for number, price in enumerate(prices)
    ]  # fmt: skip
    ids = rpc("model.product.template.create", templates)
    rows = rpc(
        "model.product.product.search_read", [["template", "in", ids]], 0, PRODUCTS, [["template", "ASC"]], ["code", "name"]
    )
    rows.sort(key=lambda row: row["code"])
    for number, (row, price) in enumerate(zip(rows, prices, strict=True)):
        truth.products[str(row["id"])] = {
            "name": row["name"], "code": row["code"], "price": str(price), "category": CATEGORIES[number % 4],
        }  # fmt: skip
    return [(row["id"], price) for row, price in zip(rows, prices, strict=True)]


def _sales(rpc: Call, truth: Truth, parties: list[int], products: list[tuple[int, Decimal]], places: dict[str, Any]) -> None:
    """Sales in all states. Nobody has to invoice or ship them, so Tryton asks for no accounts."""
    active = [key for key in parties if "archived" not in truth.people[str(key)]]
    addresses = {
        row["party"]: row["id"]
        for row in rpc("model.party.address.search_read", [["party", "in", active]], 0, None, [["id", "DESC"]], ["party"])
    }
    sales = []
    for number in range(SALES):
        party = active[number * 7 % 90] if number % 10 else active[-1 - number // 10 % ORGANISATIONS]
        lines, amount = _lines(number, products, places["unit"])
        day = FIRST_DAY + timedelta(days=number * 4 % 600)
        sales.append((party, day, amount, {
            "party": party, "company": places["company"], "currency": places["currency"], "sale_date": day,
            "invoice_address": addresses[party], "shipment_address": addresses[party],
            "invoice_method": "manual", "shipment_method": "manual", "lines": [["create", lines]],
        }))  # fmt: skip
    ids = rpc("model.sale.sale.create", [sale[-1] for sale in sales])
    drafts, quotations, cancelled = ids[9::15], ids[4::15], ids[14::30]
    left = {*drafts, *cancelled}
    rpc("model.sale.sale.quote", [key for key in ids if key not in left])
    rpc("model.sale.sale.confirm", [key for key in ids if key not in {*left, *quotations}])
    rpc("model.sale.sale.cancel", cancelled)
    states = {row["id"]: row["state"] for row in rpc("model.sale.sale.read", ids, ["state"])}
    for key, (party, day, amount, _) in zip(ids, sales, strict=True):
        truth.sales[str(key)] = {"party": str(party), "day": day.isoformat(), "state": states[key], "amount": str(amount)}


def _lines(number: int, products: list[tuple[int, Decimal]], unit: int) -> tuple[list[dict[str, Any]], Decimal]:
    lines, amount = [], Decimal(0)
    for place in range(1 + number % 3):
        product, price = products[(number * 5 + place * 11) % PRODUCTS]
        quantity = 1 + (number + place) % 4
        amount += (price * quantity).quantize(Decimal("0.01"), ROUND_HALF_EVEN)
        lines.append({"product": product, "quantity": quantity, "unit": unit, "unit_price": price})
    return lines, amount


def _opportunities(rpc: Call, truth: Truth, parties: list[int], places: dict[str, Any]) -> None:
    rows = [
        {
            "party": parties[(number * 6 + 1) % PERSONS],
            "company": places["company"],
            "description": f"Tasting no. {number + 1}",
            "amount": Decimal(100 + number) + Decimal("0.25") * (number % 4),
            "start_date": FIRST_DAY + timedelta(days=number * 9),
        }
        for number in range(OPPORTUNITIES)
    ]
    ids = rpc("model.sale.opportunity.create", rows)
    for key, row in zip(ids, rows, strict=True):
        truth.opportunities[str(key)] = {
            "party": str(row["party"]), "amount": str(row["amount"]), "day": row["start_date"].isoformat(),
        }  # fmt: skip
