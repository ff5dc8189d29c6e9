"""What was paid and given back of orders, beside their own map: `Money`, on which the general proposal stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fullcircle.mapping.propose.apart_keys import lost_amounts
from fullcircle.mapping.propose.booking_fees import with_fees
from fullcircle.mapping.propose.documents import is_promise, with_documents, with_promises
from fullcircle.mapping.propose.fuller_amount import fuller_amount
from fullcircle.mapping.propose.grain import within
from fullcircle.mapping.propose.gross_amount import undecided, what_is_paid
from fullcircle.mapping.propose.guess import columns_of
from fullcircle.mapping.propose.open_amounts import with_owed
from fullcircle.mapping.propose.paid_days import with_paid_day
from fullcircle.mapping.propose.payment_state import with_payment_state
from fullcircle.mapping.propose.planner import ProposedMap, Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.refund_owner import owner_rule
from fullcircle.mapping.propose.refunds import (
    NO,
    flag_column,
    negative,
    refund_column,
    with_flag,
    with_no_payment,
    with_refund,
    with_state,
)
from fullcircle.mapping.propose.reversals import with_corrects
from fullcircle.mapping.propose.said_of_repeated import with_the_tax
from fullcircle.mapping.propose.settlements import without_payments
from fullcircle.mapping.propose.time_of_day import with_time_of_day
from fullcircle.mapping.propose.unknown_statuses import unknown_statuses
from fullcircle.mapping.propose.whose import Whose
from fullcircle.mapping.propose.wide import Wide, wide
from fullcircle.mapping.propose.words import LOOK


class Money(Whose):
    """What is said of the money of orders in columns beside their amount."""

    def _what_is_paid(self, columns: dict[str, str]) -> None:
        """Of several sums the one that the customer pays is the amount."""
        if fuller := fuller_amount(self.sample, columns, self.role.key):
            self.made.evidence.append(f"{fuller} is the amount: {columns['amount']} is empty in most rows")
            columns["amount"] = fuller
        amount, engine = columns.get("amount", ""), self.planner.engine
        chosen = what_is_paid(engine, self.sample, amount)
        if chosen.said:
            columns["amount"] = chosen.column
            for name in ("paid", "unpaid"):
                if columns.get(name) == chosen.column:
                    columns.pop(name)
            if chosen.paid:
                columns.setdefault("paid", amount)
            self.made.evidence.append(chosen.said)
        elif taxed := with_the_tax(engine, self.sample, amount):
            columns["amount"] = taxed
            self.made.evidence.append(f"{taxed} is the amount: it is {amount}, which has the same header, with a tax")
        elif said := undecided(engine, self.sample, amount, set(columns.values())):
            self.made.notes.append(said)

    def _flags(self, names: Sequence[str]) -> None:
        """A yes in `Refunded?` or `Cancelled` is the status of the order."""
        free = list(names)
        orders = [one for one in self.made.maps if one.to == "orders"]
        while orders:
            column, status = flag_column(self.planner.engine, self.sample, free)
            if not column:
                return
            free.remove(column)
            if status == "paid":
                with_no_payment(orders[0], column)
                self.used.add(column)
                if "status" in orders[0].fields:  # another column says more
                    self.made.evidence.append(
                        f"{column}: no means that nothing was paid yet; it counts as unpaid, and not as spent"
                    )
                    continue
            self.used.add(column)
            if status == "posted":
                with_flag(orders[0], column, "draft", NO)
                self.made.evidence.append(
                    f"{column}: no means that it is not in the books yet; it is a draft, and counts nowhere"
                )
                continue
            with_flag(orders[0], column, status)
            self.made.evidence.append(f"{column}: yes means that the order was {status}")

    def beside(self) -> None:
        """Order lines that are beside one another on the row of their order."""
        orders = [one for one in self.made.maps if one.to == "orders"]
        found = wide(self.planner.engine, self.sample, orders[0], self.used) if orders else Wide()
        self.made.maps += found.maps
        self.used |= found.used
        self.made.evidence += found.said
        self.made.notes += found.notes

    def refunds(self) -> None:
        """Where a column says how much of an order was given back, refunds beside the orders."""
        for one in (each for each in self.made.maps if each.to == "orders"):
            owed = {one.fields[name].get("field", "") for name in ("paid", "unpaid") if name in one.fields}
            paid, columns = with_fees(self.planner.engine, self.sample, one)
            self.used |= columns
            if paid:  # what was more than the price
                self.made.notes = [
                    text for text in self.made.notes if not text.startswith(f"{LOOK}{one.fields['paid']['field']} is")
                ]
            said = paid or with_owed(self.planner.engine, self.sample, one)
            self.made.evidence += [text for text in said if not text.startswith(LOOK)]
            self.made.notes += [text for text in said if text.startswith(LOOK)]
            kept = {rule.get("field", "") for rule in one.fields.values()}
            self.used -= owed - kept
            self.made.notes += unknown_statuses(self.planner.engine, self.sample, one, self.line)
            column, said = with_payment_state(self.planner.engine, self.sample, one, self.used)
            self.used |= {column} - {""}
            self.made.evidence += [text for text in said if not text.startswith(LOOK)]
            self.made.notes += [text for text in said if text.startswith(LOOK)]
        self._flags([name for name in self.sample.facts if name not in self.used])
        for one in (each for each in self.made.maps if each.to == "orders"):
            day, look = with_paid_day(self.planner.engine, self.sample, one)
            self.used |= {day} - {""}
            self.made.notes += [look] if look else []
        said = without_payments(self.planner.engine, self.made)  # it may take a note away
        self.made.notes += said
        self.made.evidence += with_documents(self.planner.engine, self.sample, self.made.maps, self.used)
        for one in (each for each in self.made.maps if each.to == "orders"):
            self.made.evidence += with_corrects(self.planner, self.role, one, self._used_by(one))
            self.used.add(str(one.fields.get("corrects", {}).get("field", "")))
        others = [one for one in self.planner.roles if one is not self.role and one.table == "orders" and not one.orders]
        gifts = [one.sample.name for one in others if one.sample.source == self.sample.source and not is_promise(one.sample)]
        self.made.evidence += with_promises(self.sample, self.made.maps, gifts)
        unused = [name for name in self.sample.facts if name not in self.used]  # a yes is not an amount of 1
        column, orders = refund_column(self.sample, unused), [one for one in self.made.maps if one.to == "orders"]
        made = with_refund(self.planner.engine, self.sample, orders[0], column) if column and orders else None
        if made:
            self._add(made)
            self.used.add(column)
            self.made.evidence.append(
                f"{column}: an order that was refunded whole has that status; a part is a refund of its own"
            )

    def _used_by(self, orders: ProposedMap) -> set[str]:
        """The columns that say something else of an order."""
        return {str(rule.get("field", "")) for name, rule in orders.fields.items() if name not in {"status_raw", "channel"}}

    def _repeats(self, columns: Mapping[str, str]) -> None:
        """Where orders are in several rows, and no column of items is known: say which columns differ."""
        key, engine = self.role.key, self.planner.engine
        if not key or engine is None or not self.sample.table or key not in self.sample.facts or "updated_at" in columns:
            return
        one = within(engine, self.sample, (key,))
        differing = [name for name in self.sample.facts if one.several and name not in {*one.same, key}]
        if lost := lost_amounts(engine, self.sample, key, columns.get("amount", "")):
            self.made.notes.append(lost)
        if differing:
            self.made.notes.append(
                f"{one.several:,} of {one.keys:,} values of {key} are in several rows, in which {', '.join(differing[:5])} "
                "differ: the latest row counts. If the rows are items, they are not read as order lines, and insights by product "
                "miss them"
            )

    def _given_back(self, one: ProposedMap) -> None:
        """Refunds are orders of a negative amount: they lessen what a customer spent."""
        state = str(one.fields.pop("status", {}).get("field", ""))
        one.fields["status"] = {"value": "refunded"}
        if "record_id" not in one.fields and self.role.orders:
            link, other = self.role.orders
            one.fields["record_id"] = owner_rule(link.column, other.sample)
            self.used.add(link.column)
            self.made.notes = [said for said in self.made.notes if not said.startswith("record_id:")]
            self.made.evidence.append(f"{link.column}: the customer is that of the order in {other.sample.name}")
        amount = one.fields.get("amount", {}).get("field", "")
        for name in ("paid", "unpaid"):
            one.fields.pop(name, None)
        if amount:
            one.fields["amount"] = negative(self.planner.engine, self.sample, amount)
        if self.role.orders:
            link, other = self.role.orders
            one.fields["corrects"] = {"field": link.column, "ref": self.planner.refer(self.role, other)}
        self.made.evidence += with_corrects(self.planner, self.role, one, self._used_by(one), own=False)
        self.made.notes += with_state(self.planner.engine, self.sample, one, state)
        self.used.add(str(one.fields.get("corrects", {}).get("field", "")))
        self.made.notes.append("refunds: they become orders of a negative amount, which lessen what the customer spent")

    def _people_here(self) -> set[str]:
        return {"record_id"} if {"email", "phone"} & columns_of(self.sample.found, "records", self.sample.facts).keys() else set()

    def with_time_of_day(self, rules: dict[str, Rule]) -> None:
        """A date and its time of day may be in two columns."""
        with_time_of_day(self.planner.engine, self.sample, self.used, rules)

    def _add(self, one: ProposedMap) -> None:
        self.made.maps.append(one)
        self.used |= {name for rule in one.fields.values() for name in [rule.get("field", ""), *rule.get("fields", [])] if name}
        if one.to == "consents" and one.where:
            self.used |= {name for name in self.sample.facts if text_of(name) in one.where}
