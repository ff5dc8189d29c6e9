"""People and firms that are easily taken for one another, or for several: each trap makes cases of one kind, from a seed.

A case is a list of (who, fields). Everybody is made up; names are drawn from a short list, so that cases of one kind are many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from random import Random
from typing import Any

from fullcircle.engine.duckdb import DuckDB
from tests.identity.town import Row, organisation, person

Case = list[tuple[str, dict[str, Any]]]
Trap = Callable[[int], Iterator[Case]]

WOMEN = (
    "Amelia",
    "Beatrice",
    "Clara",
    "Dorothea",
    "Helena",
    "Ingrid",
    "Miriam",
    "Noemi",
    "Olivia",
    "Rosalind",
    "Ursula",
    "Xenia",
)
MEN = ("Adrian", "Bruno", "Conrad", "Desmond", "Fabian", "Gregor", "Hector", "Ivor", "Magnus", "Oscar", "Quentin", "Tobias")
HALVES = (
    ("Quill", "Brandy", "Ham", "Oster", "Pen", "Thistle", "Wald", "Kestrel"),
    ("feather", "wick", "mark", "dorf", "ridge", "stone", "ley"),
)
STREETS = ("Mulberry Lane", "Harbour Road", "Chestnut Avenue", "Mill Street", "Abbey Close", "Station Road")
TOWNS = (("Springfield", "62701"), ("Riverton", "62561"), ("Fairview", "61432"), ("Ashland", "62612"))


class Draw(Random):
    """What cases are made of."""

    def family(self) -> str:
        return self.choice(HALVES[0]) + self.choice("aeiou") + self.choice(HALVES[1])

    def rare_family(self) -> str:
        return "".join(self.choice("bdfgklmnprstvz") + self.choice("aeiou") for _ in range(3)).title() + self.choice("nrslt")

    def home(self) -> dict[str, Any]:
        city, postcode = self.choice(TOWNS)
        return {"street": f"{self.randint(1, 180)} {self.choice(STREETS)}", "city": city, "postcode": postcode}

    def phone(self) -> str:
        return f"+1217{self.randint(2000000, 9999999)}"

    def born(self, year: int | None = None) -> date:
        return date(year or self.randint(1950, 1999), self.randint(1, 12), self.randint(1, 28))


def family_of_five(seed: int) -> Iterator[Case]:
    """Five of one family name with one e-mail, phone and address, each twice."""
    for draw in _draws(seed):
        last = draw.family()
        shared = {**draw.home(), "phone": draw.phone(), "email": f"{draw.rare_family().lower()}@fam.example"}
        names = [*draw.sample(WOMEN, 3), *draw.sample(MEN, 2)]
        yield [(name, {"given": name, "family": last, **shared}) for name in names for _ in range(2)]


def senior_and_junior(seed: int) -> Iterator[Case]:
    """Father and son of one name in one house: by suffix, or by birth dates a generation apart."""
    for draw in _draws(seed):
        first, last, home, old = draw.choice(MEN), draw.family(), draw.home(), draw.born(1948)
        young = draw.born(1976)
        yield [
            ("senior", {"given": first, "family": f"{last} Sr", "birth_date": old, **home}),
            ("senior", {"given": first, "family": last, "birth_date": old, **home}),
            ("junior", {"given": first, "family": f"{last} Jr", "birth_date": young, **home}),
            ("junior", {"given": first, "family": last, "birth_date": young, **home}),
        ]


def twins(seed: int) -> Iterator[Case]:
    """Two born on one day in one house, with one phone; also such as Emma and Ella, Daniel and Danielle."""
    pairs = (("Emma", "Ella"), ("Daniel", "Danielle"), ("Paul", "Paula"), ("Gabriel", "Gabriella"), ("Amelia", "Clara"))
    for number, draw in enumerate(_draws(seed)):
        both, last = pairs[number % len(pairs)], draw.family()
        shared = {"family": last, "birth_date": draw.born(2001), "phone": draw.phone(), **draw.home()}
        yield [(name, {"given": name, **shared}) for name in both for _ in range(2)]


def brothers(seed: int) -> Iterator[Case]:
    """Two brothers, born two years apart, one address, one e-mail."""
    for draw in _draws(seed):
        one, other = draw.sample(MEN, 2)
        last = draw.family()
        shared = {"family": last, "email": f"{draw.rare_family().lower()}@bro.example", **draw.home()}
        first, second = draw.born(1990), draw.born(1992)
        yield [
            (name, {"given": name, "birth_date": born, **shared}) for name, born in ((one, first), (other, second)) for _ in "ab"
        ]


def switchboard(seed: int) -> Iterator[Case]:
    """Forty who work in one place, with its phone and its info@."""
    draw = Draw(seed)
    shared = {"phone": draw.phone(), "email": "info@works.example", **draw.home()}
    names = sorted({(draw.choice(WOMEN + MEN), draw.rare_family()) for _ in range(40)})
    yield [(" ".join(name), {"given": name[0], "family": name[1], **shared}) for name in names]


def junk_values(seed: int) -> Iterator[Case]:
    """Five hundred people with the values that stand for none."""
    draw = Draw(seed)
    people = sorted({(draw.choice(WOMEN + MEN), draw.rare_family()) for _ in range(520)})
    yield [
        (" ".join(name), {"given": name[0], "family": name[1], "email": "none@none.example", "phone": "+12175550000",
                          "birth_date": date(1900, 1, 1)})
        for name in people
    ]  # fmt: skip


def marriage(seed: int) -> Iterator[Case]:
    """One woman under two family names: her own e-mail or phone, and her birth date, stay."""
    for number, draw in enumerate(_draws(seed)):
        first, born = draw.choice(WOMEN), draw.born()
        kept = {"email": f"{first.lower()}{draw.randint(100, 999)}@post.example"} if number % 2 else {"phone": draw.phone()}
        yield [("she", {"given": first, "family": draw.family(), "birth_date": born, **kept}) for _ in range(2)]


def nicknames(seed: int) -> Iterator[Case]:
    """Short and long forms, in several languages, at one address."""
    pairs = (("Giuseppe", "Beppe"), ("Margaret", "Peggy"), ("Francisco", "Paco"), ("Alexander", "Sasha"), ("Elizabeth", "Liz"),
             ("Katharina", "Kathi"), ("William", "Bill"), ("Jose", "Pepe"))  # fmt: skip
    for draw, both in zip(_draws(seed, len(pairs)), pairs, strict=True):
        last, home = draw.family(), draw.home()
        yield [("one", {"given": name, "family": last, **home}) for name in both]


def spellings(seed: int) -> Iterator[Case]:
    """Names exchanged, reversed in one field, with and without accents, in capitals."""
    for draw in _draws(seed):
        first, last, born = draw.choice(WOMEN), draw.family(), draw.born()
        common = {"birth_date": born, **draw.home()}
        yield [
            ("one", {"given": first, "family": last, **common}),
            ("one", {"given": last, "family": first, **common}),
            ("one", {"given": None, "family": None, "full_name": f"{last}, {first}", **common}),
            ("one", {"given": first.upper().replace("E", "É"), "family": last.upper().replace("A", "Á"), **common}),
        ]


def scripts(seed: int) -> Iterator[Case]:
    """One name in two scripts, or in two spellings of one letter; and two names that share only a contact."""
    pairs = (("Иван", "Петров", "Ivan", "Petrov"), ("小明", "王", "Xiaoming", "Wang"), ("Jürgen", "Müller", "Juergen", "Mueller"),
             ("Γιώργος", "Παπαδόπουλος", "Giorgos", "Papadopoulos"), ("Søren", "Ødegård", "Soren", "Odegard"))  # fmt: skip
    for draw, (given, family, latin_given, latin_family) in zip(_draws(seed, len(pairs)), pairs, strict=True):
        born, home, phone = draw.born(), draw.home(), draw.phone()
        yield [
            ("one", {"given": given, "family": family, "birth_date": born, **home}),
            ("one", {"given": latin_given, "family": latin_family, "birth_date": born, **home}),
        ]
        yield [
            ("third", {"given": "大伟", "family": "张", "phone": phone, "birth_date": draw.born()}),
            ("other", {"given": "Hong", "family": "Li", "phone": phone, "birth_date": draw.born()}),
        ]


def only_a_contact(seed: int) -> Iterator[Case]:
    """Two of plainly different names with one phone and one e-mail."""
    for draw in _draws(seed):
        shared = {"phone": draw.phone(), "email": f"shop{draw.randint(100, 999)}@both.example"}
        for_her, for_him = draw.sample(HALVES[0], 2)
        yield [("she", {"given": draw.choice(WOMEN), "family": for_her + "wick", **shared}),
               ("he", {"given": draw.choice(MEN), "family": for_him + "stone", **shared})]  # fmt: skip


def contact_spellings(seed: int) -> Iterator[Case]:
    """One e-mail in capitals, with a tag, with the dots its provider ignores."""
    for draw in _draws(seed):
        first, last = draw.choice(WOMEN), draw.family()
        local = f"{first}.{last}{draw.randint(10, 99)}".lower()
        mails = (
            f"{local}@gmail.com",
            f"{local.upper()}@GMAIL.COM",
            f"{local}+shop@gmail.com",
            f"{local.replace('.', '')}@gmail.com",
        )
        yield [
            ("one", {"given": first if number % 2 else None, "family": last, "email": mail}) for number, mail in enumerate(mails)
        ]


def third_record(seed: int) -> Iterator[Case]:
    """Two e-mails of one woman, joined by a third record that has both."""
    for draw in _draws(seed):
        first, last = draw.choice(WOMEN), draw.family()
        one, other = (f"{first.lower()}{draw.randint(1000, 9999)}@{at}.example" for at in ("work", "mail"))
        yield [
            ("one", {"given": first, "family": last, "email": one}), ("one", {"given": first, "family": last, "email": other}),
            ("one", {"given": first, "family": last, "email": one, "id:email": other}),
        ]  # fmt: skip


def copies(seed: int) -> Iterator[Case]:
    """Ten thousand copies of one record; and three of another."""
    draw = Draw(seed)
    for times in (10_000, 3):
        same = {"given": draw.choice(WOMEN), "family": draw.family(), "email": f"copy{times}@many.example", **draw.home()}
        yield [("one", dict(same)) for _ in range(times)]


def nothing_known(seed: int) -> Iterator[Case]:
    """Records without any value: nobody knows whose they are."""
    yield [(f"nobody {number}", {}) for number in range(300)]


def branches(seed: int) -> Iterator[Case]:
    """A firm with a branch elsewhere, each in two lists under two spellings, and people at both."""
    for draw in _draws(seed):
        name, trade = draw.family(), draw.choice(("Logistics", "Bakery", "Dental Clinic", "Insurance"))
        case: Case = []
        for place in ("main", "branch"):
            site = {**draw.home(), "phone": draw.phone()}
            case += [(place, {"organisation": f"{name} {trade} Inc.", **site}),
                     (place, {"organisation": f"{name.upper()} {trade}", **{**site, "postcode": None}})]  # fmt: skip
            worker = {"given": draw.choice(WOMEN + MEN), "family": draw.family(), **site}
            case.append((f"{place} worker", worker))
        yield case


TRAPS: tuple[Trap, ...] = (
    family_of_five, senior_and_junior, twins, brothers, switchboard, junk_values, marriage, nicknames, spellings, scripts,
    only_a_contact, contact_spellings, third_record, copies, nothing_known, branches,
)  # fmt: skip


def _draws(seed: int, times: int = 6) -> Iterator[Draw]:
    return (Draw(seed * 1000 + number) for number in range(times))


def records(cases: Iterator[Case]) -> tuple[list[Row], list[tuple[str, str, str]]]:
    """Rows and further identifiers of all cases of a trap; the key of a row says who it is."""
    rows: list[Row] = []
    identifiers: list[tuple[str, str, str]] = []
    for number, case in enumerate(cases):
        for place, (who, given) in enumerate(case):
            key = f"{number}~{who}~{place}"
            fields = dict(given)
            for name in [name for name in fields if name.startswith("id:")]:
                identifiers.append((f"record:town:people:{key}", name[3:], fields.pop(name)))
            if "organisation" in fields:
                rows.append(organisation(key, fields.pop("organisation"), **fields))
            else:
                rows.append(person(key, fields.pop("given", None), fields.pop("family", None), **fields))
    return rows, identifiers


def mistakes(engine: DuckDB, rows: list[Row]) -> list[str]:
    """What went wrong: people who became one customer, and those who stayed several."""
    of = dict(engine.rows("SELECT record_id, customer_id FROM members"))
    customers: dict[str, set[str]] = {}
    people: dict[str, set[str]] = {}
    for row in rows:
        who = str(row["key"]).rsplit("~", 1)[0]
        customers.setdefault(of[row["record_id"]], set()).add(who)
        people.setdefault(who, set()).add(of[row["record_id"]])
    merged = [f"one customer: {', '.join(sorted(found)[:6])}" for found in customers.values() if len(found) > 1]
    split = [f"{len(found)} customers: {who}" for who, found in people.items() if len(found) > 1]
    return sorted(merged + split)
