"""Decides what every object of the sources becomes: by the profile of its vendor, else by names, values and links. See `plan`."""

from __future__ import annotations

from collections.abc import Sequence

from fullcircle.engine.base import Engine
from fullcircle.mapping.propose.appointments import with_labels
from fullcircle.mapping.propose.bank_lists import payments_of_a_bank, read_numbers
from fullcircle.mapping.propose.booked_for import BOOKINGS, booked_for, named_after_child
from fullcircle.mapping.propose.bounces import with_bounces
from fullcircle.mapping.propose.closing import with_closing
from fullcircle.mapping.propose.consent_days import with_days
from fullcircle.mapping.propose.currency_lookups import with_currency_codes
from fullcircle.mapping.propose.decisive import say_losses
from fullcircle.mapping.propose.general import General
from fullcircle.mapping.propose.initials import note_initials
from fullcircle.mapping.propose.judged_names import note_judged_names
from fullcircle.mapping.propose.known_numbers import with_known_numbers
from fullcircle.mapping.propose.left_out_buyers import keep_out
from fullcircle.mapping.propose.lines import Lines
from fullcircle.mapping.propose.mail_events import consents_of_events
from fullcircle.mapping.propose.members import with_members
from fullcircle.mapping.propose.minor_units import in_whole_units
from fullcircle.mapping.propose.nested import nested
from fullcircle.mapping.propose.nested_beside import apart, with_inside
from fullcircle.mapping.propose.nested_people import people_inside
from fullcircle.mapping.propose.no_sales import without_no_sales
from fullcircle.mapping.propose.not_mapped import why_not
from fullcircle.mapping.propose.numbers_in_common import with_numbers_in_common
from fullcircle.mapping.propose.open_dates import note_open_dates
from fullcircle.mapping.propose.paid_elsewhere import with_payments
from fullcircle.mapping.propose.payment_services import with_services
from fullcircle.mapping.propose.planner import Planner, Proposed, ProposedMap, Role, Rule
from fullcircle.mapping.propose.pointing import point_only_there
from fullcircle.mapping.propose.proved_amount import prove_amounts
from fullcircle.mapping.propose.row_consents import consents_of_rows
from fullcircle.mapping.propose.said_of_repeated import note_repeated_headers
from fullcircle.mapping.propose.same_sales import once
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.shared_keys import keep_apart
from fullcircle.mapping.propose.staff_members import with_staff
from fullcircle.mapping.propose.status_lookups import with_status_words
from fullcircle.mapping.propose.suppressions import with_suppressions
from fullcircle.mapping.propose.titles import with_titles
from fullcircle.mapping.propose.tried_out import without_tests
from fullcircle.mapping.propose.value_links import point_by_values
from fullcircle.mapping.propose.vendors import proposal_of
from fullcircle.mapping.propose.words import neighbours_speak, spoken

__all__ = ["Proposed", "ProposedMap", "Rule", "plan"]


def plan(samples: Sequence[Sample], engine: Engine | None) -> list[Proposed]:
    """What is proposed for every object of all sources together."""
    with neighbours_speak(_spoken_beside(samples)):
        return _plan(samples, engine)


def _spoken_beside(samples: Sequence[Sample]) -> dict[tuple[str, tuple[str, ...]], tuple[str, ...]]:
    """For each object the languages of the others of its source: what its own headers do not show, theirs do."""
    names = {id(one): (one.found.name, tuple(each.name for each in one.found.fields)) for one in samples}
    theirs: dict[str, dict[str, None]] = {}
    for one in samples:
        theirs.setdefault(one.source, {}).update(dict.fromkeys(spoken(*names[id(one)])))
    return {names[id(one)]: tuple(theirs[one.source]) for one in samples}


def _plan(samples: Sequence[Sample], engine: Engine | None) -> list[Proposed]:
    flat = {id(one): apart(engine, one) for one in samples}
    nested_in = {id(own): leaves for own, leaves in flat.values()}
    samples = [flat[id(one)][0] for one in samples]
    planner = Planner(samples, engine)
    within = {id(one): found for one in planner.unknown() if (found := nested(planner, one))}
    planner.roles += [role for one in within.values() if (role := _people_within(one))]  # others may point to them
    point_by_values(planner)
    made = []
    for sample in samples:
        role = planner.role(sample)
        if id(sample) in within:
            made.append(within[id(sample)])
        elif why := planner.bought.get(id(sample)):
            made.append(Proposed(sample, notes=[f"not mapped: it is what the company bought, not what customers did: {why}"]))
        elif role is None:
            bare = Proposed(sample, notes=[why_not(sample)], left=[each.name for each in sample.found.fields])
            made.append(booked_for(engine, sample) or payments_of_a_bank(planner, sample) or bare)
        elif inside := people_inside(planner, role):
            made.append(inside)
        elif role.known:
            made.append(proposal_of(planner, role))
        else:
            made.append((Lines if role.table == "order_lines" else General)(planner, role).proposal())
            with_members(engine, made[-1])
            without_tests(engine, made[-1])
            without_no_sales(planner, made[-1])
            in_whole_units(engine, made[-1])
            with_inside(made[-1], nested_in[id(sample)])
            if role.table == "orders" and named_after_child(made[-1]):
                made[-1] = booked_for(engine, sample) or made[-1]
    if engine is not None:
        _together(engine, planner, made)
    point_only_there(made)
    if engine is not None:
        say_losses(engine, made)
        note_judged_names(engine, made)
        note_initials(engine, made)
        note_repeated_headers(engine, made)
    return made


def _together(engine: Engine, planner: Planner, made: list[Proposed]) -> None:
    """What the objects say of each other, and each of its rows."""
    with_status_words(engine, made)
    with_currency_codes(engine, made)
    once(engine, made)
    prove_amounts(engine, made)
    with_payments(engine, made)
    read_numbers(made)
    with_services(planner, made)
    consents_of_events(engine, made)
    consents_of_rows(made)
    keep_apart(engine, [one for one in made if one.what != BOOKINGS])  # these are known by both already
    with_numbers_in_common(engine, made)
    note_open_dates(engine, made)
    with_known_numbers(engine, made)
    with_bounces(engine, made)
    with_suppressions(engine, made)
    with_days(engine, made)
    with_closing(engine, made)
    with_titles(engine, made)
    with_labels(engine, made)
    with_staff(engine, made)
    keep_out(engine, made)


def _people_within(made: Proposed) -> Role | None:
    """The role of an object whose people are nested in its rows, so that orders can point to its key; None without one."""
    key = made.maps[0].fields.get("key", {}).get("field", "") or "".join(made.sample.found.key[:1])
    if made.maps[0].to != "records" or not key or len(made.sample.found.key) > 1:
        return None
    return Role(made.sample, "records", {}, key, keys={"records": {"field": key}})
