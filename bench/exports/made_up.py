"""Made-up people and their activity, by a seed: what the exports are written from. Nobody here exists."""

# ruff: noqa: E501 - lists of names are easier to read in long rows

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

GIVEN = (
    "Iris", "Otto", "Pia", "Jutta", "Bert", "Mara", "Silas", "Nadja", "Hugo", "Wanda", "Tobias", "Elin", "Rafael", "Greta", "Milan",
    "Odile", "Casper", "Yara", "Lennart", "Bianca", "Ruben", "Sigrid", "Fabian", "Noemi", "Edgar", "Paloma", "Quentin", "Tessa",
    "Viktor", "Ulla", "Dario", "Heike", "Jasper", "Leonie", "Marek", "Xenia", "Zoltan", "Amelie", "Clemens", "Petra", "Anselm",
    "Brigid", "Cosima", "Dieter", "Esra", "Fenna", "Gustav", "Hanna", "Igor", "Jolanda",
)  # fmt: skip
FAMILY = (
    "Fenn", "Beck", "Lund", "Wolke", "Maus", "Ashdown", "Brandt", "Carver", "Dorn", "Ellery", "Falk", "Grimshaw", "Hollis", "Ivers",
    "Jansen", "Kestrel", "Lorimer", "Madsen", "Norwood", "Osterman", "Pruitt", "Quist", "Rowan", "Sandoval", "Thackeray", "Ulrich",
    "Vance", "Wexford", "Yarrow", "Zeller", "Abernathy", "Birk", "Calloway", "Drummond", "Engel", "Fairfax", "Gessner", "Haddon",
    "Ingram", "Juncker", "Kilmer", "Lachmann", "Mercer", "Novotny", "Oakes", "Pascoe", "Radley", "Stroud", "Tanner", "Unwin",
)  # fmt: skip
STREETS = ("Elm Road", "Oak Street", "Mill Lane", "Quay Street", "Park Avenue", "Station Road", "Garden Row", "Church Walk")
STRASSEN = ("Ahornweg", "Lindenallee", "Bahnhofstr.", "Am Markt", "Gartenweg", "Schulstr.")
# code -> name, region code, region, city, postcode, how a phone begins
PLACES = {
    "US": [("MA", "Massachusetts", "Boston", "02134", "+1617"), ("TX", "Texas", "Austin", "78701", "+1512"), ("OR", "Oregon", "Portland", "97205", "+1503")],
    "GB": [("ENG", "England", "Hull", "HU1 1AA", "+447700900"), ("SCT", "Scotland", "Perth", "PH1 5EN", "+447700900")],
    "DE": [("BE", "Berlin", "Berlin", "10115", "+49302312"), ("SN", "Sachsen", "Dresden", "01067", "+49351231")],
}  # fmt: skip
COUNTRIES = {"US": "United States", "GB": "United Kingdom", "DE": "Germany"}
COMPANIES = ("Tallow Works", "Quill Partners", "Harbour Freight Lines", "Northmoor Dairy", "Copperfield Prints", "Lantern Media")
GOODS = (
    ("KET-R", "Kettle Red", "Kitchen", "12.50"), ("PAN-1", "Iron Pan", "Kitchen", "34.00"), ("LMP-9", "Desk Lamp", "Light", "59.90"),
    ("MUG-W", "White Mug", "Kitchen", "7.25"), ("RUG-2", "Wool Rug", "Living", "149.00"), ("CLK-4", "Wall Clock", "Living", "45.10"),
    ("TBL-7", "Side Table", "Living", "89.99"), ("BLB-3", "Light Bulb", "Light", "4.95"),
)  # fmt: skip
SUBJECTS = (
    "No light",
    "Wrong colour",
    "Parcel is late",
    "Invoice missing",
    "How do I reset it",
    "Broken on arrival",
    "Change address",
)
STAFF = ("Rick", "Repp", "rick.repp@store.example")  # serves customers and is none


@dataclass(frozen=True)
class Person:
    """Somebody who does not exist."""

    number: int
    given_name: str
    family_name: str
    email: str
    phone: str  # with the country's code
    street: str
    city: str
    postcode: str
    region: str  # its code
    region_name: str
    country: str  # its code
    birth: date
    organisation: str

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def country_name(self) -> str:
        return COUNTRIES[self.country]

    @property
    def birth_date(self) -> str:
        return self.birth.isoformat()


@dataclass(frozen=True)
class Good:
    """Something that is sold."""

    sku: str
    name: str
    category: str
    price: Decimal


@dataclass(frozen=True)
class Line:
    """One good in an order."""

    good: Good
    quantity: int

    @property
    def amount(self) -> Decimal:
        return self.good.price * self.quantity


@dataclass(frozen=True)
class Order:
    """Who ordered what, when."""

    number: int
    person: Person
    at: datetime
    lines: tuple[Line, ...]
    shipping: Decimal
    tax: Decimal

    @property
    def subtotal(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal("0.00"))

    @property
    def total(self) -> Decimal:
        return self.subtotal + self.shipping + self.tax


@dataclass
class World:
    """The people, goods, orders and requests of one export, always the same for a seed."""

    seed: str
    size: int = 40
    countries: tuple[str, ...] = ("US", "GB", "DE")
    dice: random.Random = field(init=False)
    people: list[Person] = field(init=False)
    goods: list[Good] = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        given, family = list(GIVEN), list(FAMILY)
        self.dice.shuffle(given)
        self.dice.shuffle(family)
        self.people = [self._person(number, given[number], family[number]) for number in range(min(self.size, len(given)))]
        self.goods = [Good(sku, name, category, Decimal(price)) for sku, name, category, price in GOODS]

    def _person(self, number: int, given: str, family: str) -> Person:
        country = self.countries[number % len(self.countries)]
        region, region_name, city, postcode, begins = self.dice.choice(PLACES[country])
        house = self.dice.randint(1, 180)
        street = f"{self.dice.choice(STRASSEN)} {house}" if country == "DE" else f"{house} {self.dice.choice(STREETS)}"
        tail = f"555{100 + number:04d}" if country == "US" else f"{100 + number:03d}" if country == "GB" else f"{5000 + number}"
        birth = date(1950, 1, 1) + timedelta(days=self.dice.randint(0, 18_000))
        return Person(
            number, given, family, f"{given}.{family}@mail{number % 7}.example".lower(), begins + tail, street, city, postcode, region,
            region_name, country, birth, COMPANIES[number % len(COMPANIES)],
        )  # fmt: skip

    def orders(self, count: int = 60) -> list[Order]:
        """Orders of one to three lines, oldest first; a few people have many, some none."""
        made = []
        at = datetime(2024, 1, 13, 8, 30)
        for number in range(count):
            at += timedelta(hours=self.dice.randint(3, 140), minutes=self.dice.randint(1, 59))
            person = self.people[int(len(self.people) * 0.9 * self.dice.random() ** 1.5)]
            lines = tuple(
                Line(good, self.dice.randint(1, 4)) for good in self.dice.sample(self.goods, self.dice.choice((1, 1, 2, 3)))
            )
            shipping, tax = (
                Decimal(self.dice.choice(("0.00", "4.90", "12.00"))),
                Decimal(self.dice.choice(("0.00", "1.15", "3.80"))),
            )
            made.append(Order(number, person, at, lines, shipping, tax))
        return made

    def moments(self, count: int) -> list[datetime]:
        """Times, oldest first, to the minute; days above twelve occur, so the order of day and month can be seen."""
        at, made = datetime(2024, 2, 3, 9, 5), []
        for _ in range(count):
            at += timedelta(hours=self.dice.randint(5, 90), minutes=self.dice.randint(1, 59))
            made.append(at)
        return made

    def subject(self, number: int) -> str:
        return f"{SUBJECTS[number % len(SUBJECTS)]} ({number + 1})"
