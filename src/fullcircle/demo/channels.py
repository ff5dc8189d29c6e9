"""How the made-up people show up in the four channels: who, when, and with which mistakes.

A sighting is one source record of one person. `sight` draws all sightings as columns of dice; `SEEN_SQL` turns them into the
table `seen`, what a clerk or a web form would have written down.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from fullcircle.engine.base import Engine

Dice = np.random.Generator
START, END = np.datetime64("2022-01-01"), np.datetime64("2026-10-31")  # of everything in the sources


@dataclass(frozen=True, slots=True)
class SalesChannel:
    """A channel: the share of people in it, records for each of them, and how often its records are wrong, and how."""

    name: str
    share: float
    more: float  # further records of the same person, on average
    first: np.datetime64
    slips: dict[str, dict[str, float]]


CHANNELS = (
    SalesChannel(
        "crm", 0.75, 0.12, START,
        {
            "name_slip": {"nickname": 0.06, "typo": 0.05, "initial": 0.02, "upper": 0.03, "plain": 0.03, "lower": 0.02,
                          "native": 0.02},
            "email_slip": {"second": 0.06, "family": 0.05, "missing": 0.12, "typo": 0.03, "junk": 0.02},
            "phone_slip": {"landline": 0.18, "missing": 0.26, "typo": 0.03, "junk": 0.03},
            "birth_slip": {"swapped": 0.04, "missing": 0.34, "typo": 0.02},
            "street_slip": {"short": 0.15, "no postcode": 0.05, "typo": 0.05, "missing": 0.15},
        },
    ),
    SalesChannel(
        "shop", 0.80, 0.25, START,
        {
            "name_slip": {"nickname": 0.11, "typo": 0.06, "turned": 0.03, "upper": 0.03, "lower": 0.06, "plain": 0.05},
            "email_slip": {"second": 0.08, "family": 0.07, "typo": 0.03, "junk": 0.01},
            "phone_slip": {"landline": 0.12, "missing": 0.35, "typo": 0.02, "junk": 0.02},
            "birth_slip": {"swapped": 0.03, "missing": 0.62, "typo": 0.02},
            "street_slip": {"short": 0.25, "no postcode": 0.04, "typo": 0.05, "missing": 0.03},
        },
    ),
    SalesChannel(
        "support", 0.55, 0.80, np.datetime64("2024-01-01"),
        {
            "name_slip": {"nickname": 0.18, "typo": 0.05, "initial": 0.08, "lower": 0.10, "plain": 0.04},
            "email_slip": {"second": 0.10, "family": 0.06, "typo": 0.02, "missing": 0.02},
            "phone_slip": {"landline": 0.08, "missing": 0.60},
        },
    ),
    SalesChannel(
        "social", 0.22, 0.50, np.datetime64("2024-01-01"),
        {
            "name_slip": {"nickname": 0.20, "lower": 0.10, "initial": 0.05, "native": 0.30},
            "email_slip": {"second": 0.05, "missing": 0.50},
        },
    ),
)  # fmt: skip
RECORDS_PER_PERSON = sum(channel.share * (1 + channel.more) for channel in CHANNELS)

MACROS = """
CREATE OR REPLACE MACRO slipped(s, d) AS CASE
    WHEN s IS NULL OR length(s) < 4 THEN s || substr(s, -1)
    WHEN d % 4 = 0 THEN substr(s, 1, 1 + d % (length(s) - 2)) || substr(s, 3 + d % (length(s) - 2))
    WHEN d % 4 = 1 THEN substr(s, 1, 2 + d % (length(s) - 2)) || substr(s, 2 + d % (length(s) - 2))
    WHEN d % 4 = 2 THEN substr(s, 1, 1 + d % (length(s) - 2)) || substr(s, 3 + d % (length(s) - 2), 1)
                        || substr(s, 2 + d % (length(s) - 2), 1) || substr(s, 4 + d % (length(s) - 2))
    ELSE substr(s, 1, 1 + d % (length(s) - 2)) || chr(CAST(97 + d % 26 AS INTEGER)) || substr(s, 3 + d % (length(s) - 2)) END;
CREATE OR REPLACE MACRO pick(words, d) AS words[CAST(1 + d % len(words) AS BIGINT)];
CREATE OR REPLACE MACRO us_phone(a, n, look) AS CASE look % 6
    WHEN 0 THEN printf('(%d) 555-%04d', a, n) WHEN 1 THEN printf('%d-555-%04d', a, n) WHEN 2 THEN printf('+1 %d 555 %04d', a, n)
    WHEN 3 THEN printf('%d555%04d', a, n) WHEN 4 THEN printf('%d.555.%04d', a, n) ELSE printf('+1%d555%04d', a, n) END;
CREATE OR REPLACE MACRO gb_phone(a, n, look) AS CASE look % 3
    WHEN 0 THEN printf('+44 %d 496 %04d', a, n) WHEN 1 THEN printf('+44%d496%04d', a, n)
    ELSE printf('+44 (0)%d 4%s', a, printf('96 %04d', n)) END;
"""
# Who moved or changed the surname after the record was last touched is in it with the old one.
SEEN_SQL = """
CREATE OR REPLACE TABLE seen AS
WITH known AS (
    SELECT s.*, p.household, p.gender, p.middle, p.nickname, p.loyalty, p.handle, p.british,
           coalesce(CASE WHEN name_slip = 'native' THEN p.given_native END, p.given) AS given,
           coalesce(CASE WHEN name_slip = 'native' THEN p.family_native END,
                    CASE WHEN s.changed < p.married THEN p.maiden END, p.family) AS family,
           CASE email_slip WHEN 'own' THEN email WHEN 'second' THEN coalesce(email2, email)
                           WHEN 'family' THEN coalesce(email_family, email) WHEN 'typo' THEN email END AS email,
           CASE birth_slip WHEN 'missing' THEN NULL
                WHEN 'swapped' THEN CASE WHEN day(birth) < 13 THEN make_date(year(birth), day(birth), month(birth)) ELSE birth END
                WHEN 'typo' THEN CAST(birth + INTERVAL 1 YEAR AS DATE) ELSE birth END AS birth,
           CASE WHEN phone_slip IN ('own', 'typo') THEN p.mobile
                WHEN phone_slip = 'landline' THEN CASE WHEN landline < 0 THEN p.mobile ELSE landline END END AS phone_number,
           CASE WHEN s.changed < p.moved THEN old_home ELSE home END AS home
    FROM sightings s JOIN people p USING (person)),
placed AS (
    SELECT k.* EXCLUDE (home), h.city, h.region, h.country,
           CASE h.country WHEN 'US' THEN h.code || printf('%02d', h.zip)
                ELSE printf('%s %d%s%s', h.code, 1 + h.zip % 9, chr(CAST(65 + h.zip % 20 AS INTEGER)),
                            chr(CAST(66 + h.zip % 17 AS INTEGER))) END AS postcode,
           printf('%d %s %s', h.number, h.street, CASE WHEN street_slip = 'short' THEN kind_short ELSE kind END)
               || CASE WHEN flat IS NULL THEN '' WHEN h.country = 'US' THEN ' Apt ' || flat ELSE ', Flat ' || flat END AS street,
           CASE WHEN k.british THEN gb_phone(f.area, f.line, look) ELSE us_phone(f.area, f.line, look) END AS dialled
    FROM known k JOIN homes h USING (home) LEFT JOIN phones f ON f.number = k.phone_number)
SELECT channel, seq, person, household, created, changed, nth, d, gender, loyalty, handle, country, name_slip,
       CASE name_slip WHEN 'nickname' THEN coalesce(nickname, given) WHEN 'initial' THEN substr(given, 1, 1) || '.'
            WHEN 'upper' THEN upper(given) WHEN 'lower' THEN lower(given) WHEN 'plain' THEN strip_accents(given)
            WHEN 'typo' THEN CASE WHEN d % 2 = 0 THEN slipped(given, d) ELSE given END ELSE given END AS given,
       CASE WHEN d % 3 = 0 THEN middle END AS middle,
       CASE name_slip WHEN 'upper' THEN upper(family) WHEN 'lower' THEN lower(family) WHEN 'plain' THEN strip_accents(family)
            WHEN 'typo' THEN CASE WHEN d % 2 = 1 THEN slipped(family, d) ELSE family END ELSE family END AS family,
       CASE email_slip WHEN 'junk' THEN pick(['none@example.com', 'noemail', 'test@example.com', 'n/a'], d)
            WHEN 'typo' THEN slipped(split_part(email, '@', 1), d) || '@' || split_part(email, '@', 2)
            ELSE CASE WHEN d % 29 = 0 THEN upper(email) ELSE email END END AS email,
       CASE phone_slip WHEN 'junk' THEN pick(['000000000', '123', 'unknown', '9999999999'], d)
            WHEN 'typo' THEN substr(dialled, 1, length(dialled) - 1) ELSE dialled END AS phone,
       birth,
       CASE street_slip WHEN 'missing' THEN NULL WHEN 'typo' THEN slipped(street, d) ELSE street END AS street,
       CASE WHEN street_slip <> 'missing' THEN city END AS city,
       CASE WHEN street_slip NOT IN ('missing', 'no postcode') THEN postcode END AS postcode,
       CASE WHEN street_slip <> 'missing' THEN region END AS region
FROM placed
ORDER BY channel, seq
"""


def sight(engine: Engine, people: int, dice: Dice) -> None:
    """Make `seen`: one row a source record, with the person behind it and what the record says."""
    drawn = pa.concat_tables([_sightings(channel, people, dice) for channel in CHANNELS])
    engine.run(MACROS)
    with engine.register("sightings", drawn):
        engine.run(SEEN_SQL)


def _sightings(channel: SalesChannel, people: int, dice: Dice) -> pa.Table:
    inside = dice.random(people) < channel.share
    inside[0] = True  # no channel is ever empty
    there = np.flatnonzero(inside)
    times = 1 + dice.poisson(channel.more, len(there))
    person = np.repeat(there, times)
    count = len(person)
    span = int((END - channel.first).astype(int)) * 86_400 - 400 * 86_400 * (channel.first == START)
    created = channel.first.astype("datetime64[s]") + dice.integers(0, span, count)
    order = np.lexsort((person, created))
    person, created = person[order], created[order]
    left = (END.astype("datetime64[s]") - created).astype(np.int64)
    changed = created + (left * dice.random(count) ** 2).astype(np.int64)
    columns = {
        "channel": pa.array([channel.name]).take(np.zeros(count, dtype=np.int64)),
        "seq": np.arange(1, count + 1),
        "person": person,
        "nth": _nth(person),
        "created": created.astype("datetime64[us]"),
        "changed": changed.astype("datetime64[us]"),
        "d": dice.integers(0, 1_000_000, count),
        "look": dice.integers(0, 6, count),
    }
    for what in ("name_slip", "email_slip", "phone_slip", "birth_slip", "street_slip"):
        columns[what] = _slips(channel.slips.get(what), count, dice)
    return pa.table(columns)


def _nth(person: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """0 for the first record of a person in the channel, 1 for the second ..."""
    order = np.argsort(person, kind="stable")
    ordered = person[order]
    nth = np.empty(len(person), dtype=np.int64)
    nth[order] = np.arange(len(person)) - np.searchsorted(ordered, ordered)
    return nth


def _slips(shares: dict[str, float] | None, count: int, dice: Dice) -> pa.Array:
    if shares is None:  # the channel has no such field
        return pa.array(["missing"]).take(np.zeros(count, dtype=np.int64))
    words = ["own", *shares]
    return pa.array(words).take(dice.choice(len(words), count, p=[1 - sum(shares.values()), *shares.values()]))
