"""The people of the made-up company: households, names, birthdays, homes, phones, e-mails. This is the truth.

`make_people(engine, count, dice)` makes the tables `people`, `homes` and `phones`. Everything is drawn as whole columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from fullcircle.demo.growth import SHARES_FAMILY, SHARES_GIVEN, pools, unevenness
from fullcircle.demo.names import NICKNAMES, ORIGINS
from fullcircle.demo.places import GB_AREAS, STREET_SHORT, STREET_TYPES, STREETS, TOWNS, US_AREAS
from fullcircle.engine.base import Engine

Ints = npt.NDArray[np.int64]
Dice = np.random.Generator

HOUSEHOLD_SIZES = (0.55, 0.25, 0.12, 0.08)  # one, two, three, four people
MOVED, MARRIED = 0.12, 0.06  # shares of people whose address or surname changed in the years the sources cover
NAMESAKES = 0.1  # share of first children who bear the first parent's name
BRITISH = 0.15  # share of households
YEARS = 365.25

# Letters that strip_accents leaves alone.
FOLD = "translate(strip_accents({}), 'łŁđĐøØıß', 'lLdDoOis')"

PEOPLE_SQL = f"""
CREATE OR REPLACE TABLE people AS
WITH named AS (
    SELECT *, regexp_replace(lower({FOLD.format("given")}), '[^a-z]', '', 'g') AS g,
              regexp_replace(lower({FOLD.format("family")}), '[^a-z]', '', 'g') AS f,
              ['org', 'com', 'net'][1 + person % 3] AS tld
    FROM drawn),
spelt AS (
    SELECT *, CASE person % 4 WHEN 0 THEN g || '.' || f WHEN 1 THEN substr(g, 1, 1) || f
                              WHEN 2 THEN g || (year(birth) % 100) WHEN 3 THEN f || '.' || substr(g, 1, 2) END AS stem
    FROM named),
counted AS (
    SELECT *, row_number() OVER (PARTITION BY stem, tld ORDER BY person) AS twin FROM spelt)
SELECT * EXCLUDE (g, f, tld, stem, twin),
       stem || CASE WHEN twin > 1 THEN '.' || twin ELSE '' END || '@example.' || tld AS email,
       CASE WHEN second_email THEN substr(g, 1, 1) || '.' || f || person || '@work.example.' || tld END AS email2,
       CASE WHEN family_email THEN 'the.' || min(f) OVER home_of || household || '@home.example.' || min(tld) OVER home_of END
           AS email_family,
       CASE WHEN has_handle THEN substr(g, 1, 4) || substr(f, 1, 3) || '_' || to_base(person + 37, 36) END AS handle
FROM counted
WINDOW home_of AS (PARTITION BY household)
ORDER BY person
"""


def make_people(engine: Engine, count: int, dice: Dice) -> None:
    """Make `people` (one row a person), `homes` (one row an address) and `phones` (mobiles, then landlines) of `count` people."""
    household, role = _households(count, dice)
    homes = household[-1] + 1
    moved = dice.random(count) < MOVED
    old_home = np.where(moved, homes + np.cumsum(moved) - 1, household)
    british = dice.random(homes) < BRITISH
    drawn = {
        "person": pa.array(np.arange(count)),
        "household": pa.array(household),
        "home": pa.array(household),
        "old_home": pa.array(old_home),
        "moved": _days("2023-01-01", dice.integers(0, 1300, count), ~moved),
        **_names(household, role, dice),
        "birth": _births(household, role, dice),
        "second_email": pa.array(dice.random(count) < 0.3),
        "family_email": pa.array((dice.random(homes) < 0.3)[household] & _shared(household)),
        "has_handle": pa.array(dice.random(count) < 0.45),
        "mobile": pa.array(np.arange(count)),
        "landline": pa.array(np.where((dice.random(homes) < 0.5)[household], count + household, -1)),
        "british": pa.array(british[household]),
        "loyalty": pa.array(_loyalty(count, dice)),
    }
    with engine.register("drawn", pa.table(drawn)):
        engine.run(PEOPLE_SQL)
    with engine.register("drawn", _phones(np.concatenate([british[household], british]))):
        engine.run("CREATE OR REPLACE TABLE phones AS SELECT * FROM drawn ORDER BY number")
    old_british = british[household[moved]]
    with engine.register("drawn", _homes(np.concatenate([british, old_british]), dice)):
        engine.run("CREATE OR REPLACE TABLE homes AS SELECT * FROM drawn ORDER BY home")


def _phones(british: npt.NDArray[np.bool_]) -> pa.Table:
    """The area and line of each phone; those of a country are dealt out in turn, so that no two share a number.

    British numbers come round again after 100,000 phones, American ones after 1.4 million.
    """
    nth = np.where(british, np.cumsum(british), np.cumsum(~british)) - 1
    us_line = (nth // len(US_AREAS)) % 9_800 + 100
    area = np.where(british, np.array(GB_AREAS)[nth % len(GB_AREAS)], np.array(US_AREAS)[nth % len(US_AREAS)])
    line = np.where(british, nth // len(GB_AREAS) % 10_000, us_line + (us_line >= 1212))  # 555-1212 is directory assistance
    return pa.table({"number": np.arange(len(british)), "area": area, "line": line})


def _households(count: int, dice: Dice) -> tuple[Ints, Ints]:
    """For each person the household, and the place in it: 0 and 1 are a couple, 2 and 3 their children."""
    sizes = dice.choice([1, 2, 3, 4], size=count, p=HOUSEHOLD_SIZES)
    household = np.repeat(np.arange(count), sizes)[:count]
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    return household, np.arange(count) - first[household]


def _shared(household: Ints) -> npt.NDArray[np.bool_]:
    shared: npt.NDArray[np.bool_] = np.bincount(household)[household] > 1
    return shared


def _names(household: Ints, role: Ints, dice: Dice) -> dict[str, pa.Array]:
    """Given, middle, family name, nickname, the same in their own script, and the surname before marriage."""
    count, homes = len(household), household[-1] + 1
    origin = dice.choice(len(ORIGINS), size=homes, p=[origin.share for origin in ORIGINS])[household]
    female = dice.random(count) < 0.5
    couple = role == 1
    female[couple] = ~female[np.flatnonzero(couple) - 1]
    namesake = (role == 2) & (dice.random(count) < NAMESAKES)  # a child with the name of the first parent
    female[namesake] = female[np.flatnonzero(namesake) - 2]
    grown = pools(count)
    givens = _pool([names for origin_ in ORIGINS for names in (origin_.male, origin_.female)],
                   [names for pool in grown for names in (pool.male, pool.female)], SHARES_GIVEN)  # fmt: skip
    families = _pool([origin_.family for origin_ in ORIGINS], [pool.family for pool in grown], SHARES_FAMILY)
    pool = origin * 2 + female
    given = givens.draw(pool, dice)
    given = _one_of_a_kind(given, role, givens, pool)
    given[namesake] = given[np.flatnonzero(namesake) - 2]
    middle = givens.draw(pool, dice)
    own_family = families.draw(origin, dice)
    first_of_home = np.flatnonzero(np.diff(household, prepend=-1))
    of_home = own_family[first_of_home][household]
    family = np.where(couple & (dice.random(count) < 0.15), own_family, of_home)
    married = (dice.random(count) < MARRIED) & (role < 2) & (family != own_family) | (dice.random(count) < MARRIED / 2)
    latin, native = _scripts(givens.words)
    family_latin, family_native = _scripts(families.words)
    return {
        "given": latin.take(given),
        "given_native": native.take(given),
        "nickname": pa.array([NICKNAMES.get(word) for word in latin.to_pylist()]).take(given),
        "middle": pa.array(latin.take(middle), mask=dice.random(count) < 0.6),
        "family": family_latin.take(family),
        "family_native": family_native.take(family),
        "maiden": pa.array(
            family_latin.take(np.where(married, own_family, family)).to_numpy(zero_copy_only=False), mask=~married
        ),
        "married": _days("2023-01-01", dice.integers(0, 1300, count), ~married),
        "gender": pa.array(["male", "female"]).take(female.astype(np.int64)),
    }


def _one_of_a_kind(given: Ints, role: Ints, givens: _Pool, pool: Ints) -> Ints:
    """Parents do not give a child a name that the house has already: the next name of the list is taken then."""
    given = given.copy()
    for place in (2, 3):
        child = np.flatnonzero(role == place)
        for _ in range(place):  # the next name may be another one's
            taken = np.any([given[child] == given[child - back] for back in range(1, place + 1)], axis=0)
            at = child[taken]
            start, size = givens.start[pool[at]], givens.size[pool[at]]
            given[at] = start + (given[at] - start + 1) % size
    return given


@dataclass(frozen=True, slots=True)
class _Pool:
    """Lists of names one after the other: where each starts, its size, and how uneven it is drawn from."""

    words: list[str]
    start: Ints
    size: Ints
    exponent: npt.NDArray[np.float64]

    def draw(self, group: Ints, dice: Dice) -> Ints:
        """A place in `words` for each list number; the first of a list are far more frequent than the last."""
        place = np.asarray(dice.random(len(group)) ** self.exponent[group] * self.size[group], dtype=np.int64)
        return self.start[group] + place


def _pool(base: list[tuple[str, ...]], grown: list[tuple[str, ...]], of_base: float) -> _Pool:
    sizes = np.array([len(group) for group in grown])
    exponents = [unevenness(len(few), len(many), of_base) for few, many in zip(base, grown, strict=True)]
    return _Pool([word for group in grown for word in group], np.cumsum(sizes) - sizes, sizes, np.array(exponents))


def _scripts(words: list[str]) -> tuple[pa.Array, pa.Array]:
    pairs = [word.partition("|") for word in words]
    return pa.array([latin for latin, _, _ in pairs]), pa.array([native or None for _, _, native in pairs], pa.string())


def _births(household: Ints, role: Ints, dice: Dice) -> pa.Array:
    """Birthdays as dates: couples are close in age, children 20 to 32 years younger, some of them twins."""
    count, homes = len(household), household[-1] + 1
    parent = dice.integers(int(-22 * YEARS), int(16 * YEARS), homes)[household]  # days since 1970: born 1948 to 1985
    partner = parent + dice.integers(int(-5 * YEARS), int(5 * YEARS), count)
    child = parent + dice.integers(int(20 * YEARS), int(32 * YEARS), count)
    days = np.choose(np.minimum(role, 2), [parent, partner, child])
    twins = np.flatnonzero((role == 3) & (dice.random(count) < 0.4))
    days[twins] = days[twins - 1]
    return pa.array(days.astype("datetime64[D]"))


def _homes(british: npt.NDArray[np.bool_], dice: Dice) -> pa.Table:
    count = len(british)
    town_british = np.array([country == "GB" for _, _, country, _ in TOWNS])
    pools = [np.flatnonzero(~town_british), np.flatnonzero(town_british)]
    pick = dice.random(count) ** 1.4
    town = np.where(british, pools[1][(pick * len(pools[1])).astype(int)], pools[0][(pick * len(pools[0])).astype(int)])
    kind = dice.integers(0, len(STREET_TYPES), count)
    flat = dice.integers(1, 60, count)
    columns = list(zip(*TOWNS, strict=True))
    return pa.table(
        {
            "home": np.arange(count),
            "number": dice.integers(1, 1000, count),
            "street": pa.array(STREETS).take(dice.integers(0, len(STREETS), count)),
            "kind": pa.array(STREET_TYPES).take(kind),
            "kind_short": pa.array(STREET_SHORT).take(kind),
            "flat": pa.array(flat, mask=dice.random(count) > 0.2),
            "city": pa.array(columns[0]).take(town),
            "region": pa.array(columns[1]).take(town),
            "country": pa.array(columns[2]).take(town),
            "code": pa.array(columns[3]).take(town),
            "zip": dice.integers(0, 100, count),
        }
    )


def _loyalty(count: int, dice: Dice) -> pa.Array:
    """A loyalty card number for two people in five."""
    numbers = 700_000_000 + dice.permutation(count)
    return pa.array(numbers, mask=dice.random(count) > 0.4)


def _days(start: str, after: Ints, missing: npt.NDArray[np.bool_]) -> pa.Array:
    return pa.array(np.datetime64(start) + after, mask=missing)
