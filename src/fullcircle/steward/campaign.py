"""A campaign: an audience noted with its day, a part of it held out, so that it is seen what came because of it.

The audience is a segment of the config as the last run filled it, without people whose data may not be used. Who is held out is
decided by a keyed hash of the campaign's name and the customer's id: nobody can choose, and asking again gives the same. What is
noted is in the book, as no run could find it again; who is erased is taken out of it (privacy/forget.py). Who refuses after it
began is no longer contacted, but stays in the comparison: otherwise the groups would not be alike any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from fullcircle.book.book import Book
from fullcircle.config.sections import ConsentSettings
from fullcircle.engine.base import Engine, literal
from fullcircle.errors import ConfigError, NotFound, did_you_mean
from fullcircle.identity.ids import secret_of
from fullcircle.insights.consent import NO_OFFERS, know_the_refusing
from fullcircle.insights.segments.members import SIZES, TABLE
from fullcircle.insights.tables import THE_DEAD, know_the_dead
from fullcircle.model.progress import Progress, Silent

DDL = """
CREATE TABLE IF NOT EXISTS campaign (
    name TEXT PRIMARY KEY, segment TEXT NOT NULL, started_on TEXT NOT NULL, hold_out REAL NOT NULL, actor TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS campaign_member (
    campaign TEXT NOT NULL, customer_id TEXT NOT NULL, held_out INTEGER NOT NULL,
    PRIMARY KEY (campaign, customer_id)) WITHOUT ROWID;
"""
OF_RECORDS = "SELECT customer_id FROM members WHERE record_id IN (SELECT unnest(CAST($restricted AS VARCHAR[])))"
SILENT = Silent()
LEAST, MOST = 0.01, 0.5  # of an audience that may be held out
LONGEST = 60
STEPS = 1_000_000


@dataclass(frozen=True, slots=True)
class CampaignPlan:
    """A campaign that somebody begins: whom it is for, and the share that is not contacted."""

    name: str
    segment: str
    hold_out: float
    today: date


@dataclass(frozen=True, slots=True)
class Started:
    """A campaign that was noted."""

    name: str
    segment: str
    started_on: date
    contacted: int
    held_out: int


def start(book: Book, engine: Engine, wanted: CampaignPlan, actor: str, restricted: Sequence[str] = ()) -> Started:
    """Note the audience of a campaign. ConfigError for a name that is taken, a share out of bounds, or what is not an audience.

    `restricted`: the records of people whose data may not be used.
    """
    name, segment, hold_out, today = wanted.name, wanted.segment, wanted.hold_out, wanted.today
    _check(book, name, hold_out)
    _check_segment(engine, segment)
    key = secret_of(book)
    seed = f"sha256({literal(key)} || sha256({literal(f'{key}:{name}:')} || customer_id))"
    place = f"CAST(concat('0x', substr({seed}, 1, 12)) AS BIGINT) % {STEPS}"
    rows = engine.rows(
        f"SELECT customer_id, CAST({place} < {round(hold_out * STEPS)} AS INTEGER) FROM {TABLE} WHERE segment = $segment "
        f"AND customer_id NOT IN ({OF_RECORDS}) ORDER BY 1",
        {"segment": segment, "restricted": list(restricted)},
    )
    if not rows:
        raise NotFound(f"Nobody is in the segment {segment}.", "Choose another, or change its rules: `fullcircle segments`.")
    with book.transaction():
        book.write("INSERT INTO campaign VALUES (?, ?, ?, ?, ?)", (name, segment, today.isoformat(), hold_out, actor))
        book.write_many("INSERT INTO campaign_member VALUES (?, ?, ?)", ((name, *row) for row in rows))
    held = sum(row[1] for row in rows)
    return Started(name, segment, today, len(rows) - held, held)


@dataclass(frozen=True, slots=True)
class Contacts:
    """To whom a campaign goes now, and how many it no longer goes to, as they refused since, or died, or are not to be used."""

    ids: list[str]
    no_longer: int


def contacted(
    book: Book, engine: Engine, name: str, consent: ConsentSettings, restricted: Sequence[str] = (), progress: Progress = SILENT
) -> Contacts:
    """To whom the campaign goes: the ids that these customers have now, without those who are held out.

    What counts is what the last run knew of consents, not what was so when the campaign began.
    """
    _known(book, name)
    rows = book.read(
        "SELECT DISTINCT coalesce(c.into_id, m.customer_id) FROM campaign_member m "
        "LEFT JOIN customer_id c ON c.id = m.customer_id "
        "WHERE m.campaign = ? AND NOT m.held_out AND coalesce(c.state, '') <> 'retired' ORDER BY 1",
        (name,),
    )
    know_the_refusing(engine, consent, progress)
    know_the_dead(engine)
    with engine.register("noted", pa.table({"customer_id": pa.array([row[0] for row in rows], pa.string())})):
        found = engine.rows(
            f"SELECT customer_id FROM noted ANTI JOIN {NO_OFFERS} USING (customer_id) ANTI JOIN {THE_DEAD} USING (customer_id) "
            f"WHERE customer_id NOT IN ({OF_RECORDS}) ORDER BY 1",
            {"restricted": list(restricted)},
        )
    return Contacts([row[0] for row in found], len(rows) - len(found))


def _check(book: Book, name: str, hold_out: float) -> None:
    book.define(DDL)
    if not name.strip() or len(name) > LONGEST or not name.isprintable():
        raise ConfigError("A campaign has a name.", f"Write at most {LONGEST} characters.")
    if not LEAST <= hold_out <= MOST:
        raise ConfigError(f"{hold_out:g} of an audience cannot be held out.", f"Write a share from {LEAST:g} to {MOST:g}.")
    if book.read("SELECT 1 FROM campaign WHERE name = ?", (name,)):
        raise ConfigError(f"There is a campaign {name} already.", "Name it otherwise: its audience stays as it was noted.")


def _check_segment(engine: Engine, segment: str) -> None:
    found = engine.rows(f"SELECT segment, audience, note FROM {SIZES} ORDER BY 1") if engine.has(SIZES) else []
    known = {row[0]: row for row in found}
    if segment not in known:
        raise NotFound(f"There is no segment {segment}.", did_you_mean(segment, list(known)))
    _, audience, note = known[segment]
    if note:
        raise ConfigError(f"The segment {segment} has no answer.", str(note))
    if not audience:
        raise ConfigError(
            f"The segment {segment} is not an audience: who refused offers is in it.",
            "Leave out `audience = false`.",
        )


def _known(book: Book, name: str) -> None:
    names = [row[0] for row in book.read("SELECT name FROM campaign ORDER BY 1")] if has_campaigns(book) else []
    if name not in names:
        raise NotFound(f"There is no campaign {name}.", did_you_mean(name, names))


def has_campaigns(book: Book) -> bool:
    """True if a campaign was ever noted."""
    return bool(book.read("SELECT 1 FROM sqlite_master WHERE name = 'campaign'"))
