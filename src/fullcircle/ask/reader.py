"""The reading room: all questions to a customer graph in one place, read beside a running writer.

`with open_reader(settings) as reader: reader.show("ada@example.org")`. Each method is one question and has one file. Every
question goes out by `question` (question.py): the policy is asked, the answer is masked, and what it shows is noted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from functools import cached_property, partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, Self, cast

from fullcircle.ask.customer import CustomerView, view
from fullcircle.ask.named import MappedObject, find_customer, mapped_objects, of_nobody
from fullcircle.ask.named_as_seen import StoreAsSeen
from fullcircle.ask.path import PathStep, path
from fullcircle.ask.query import QueryAnswer, query
from fullcircle.ask.question import question
from fullcircle.ask.record import UNKNOWN
from fullcircle.ask.related import RelatedCustomer, related, related_live
from fullcircle.ask.search import SearchHit, search
from fullcircle.ask.status import Status, status
from fullcircle.ask.tables import Answers
from fullcircle.book.book import Book
from fullcircle.config.sections import Config
from fullcircle.errors import Busy, HomeBroken, NotFound
from fullcircle.govern.door import Door
from fullcircle.govern.entry import AuditLog
from fullcircle.govern.log import NullLog
from fullcircle.govern.open import Asking, open_door, principal_of
from fullcircle.govern.principal import Principal
from fullcircle.graph.base import GraphStore
from fullcircle.graph.open import open_named, open_store
from fullcircle.home.book_file import book_for_reading
from fullcircle.home.folder import TABLES
from fullcircle.insights.by_server import computing, habits_options, related_options, together_options
from fullcircle.model.field_classes import CLASSES, class_of, class_of_value

if TYPE_CHECKING:
    from fullcircle.ask.around import Surroundings
    from fullcircle.ask.bought_together import BoughtWith
    from fullcircle.ask.campaigns import CampaignResult
    from fullcircle.ask.changes import ChangePage
    from fullcircle.ask.customers_page import CustomersPage
    from fullcircle.ask.decisions import DecisionTaken
    from fullcircle.ask.habits import HabitsAnswer
    from fullcircle.ask.health import HealthRow
    from fullcircle.ask.history import HistoryEntry
    from fullcircle.ask.how import HowAnswer
    from fullcircle.ask.label import LabelQuestion
    from fullcircle.ask.look_up import LookUpAnswer
    from fullcircle.ask.looking_up import LookingUp
    from fullcircle.ask.model import ModelAnswer
    from fullcircle.ask.people import CustomersGroups
    from fullcircle.ask.quality import Quality
    from fullcircle.ask.review import ReviewItem
    from fullcircle.ask.runs import RunWithStages
    from fullcircle.ask.search_page import SearchFilter, SearchPage
    from fullcircle.ask.segment import SegmentAnswer
    from fullcircle.ask.segments import KnownSegment
    from fullcircle.ask.side_by_side import SideBySide
    from fullcircle.ask.sources import GoldenSource
    from fullcircle.ask.threshold import ThresholdAnswer
    from fullcircle.ask.timeline import Timeline, TimelineFilter
    from fullcircle.ask.why import WhyAnswer
    from fullcircle.ask.why_not import WhyNotAnswer
    from fullcircle.ask.worth import WorthAnswer
    from fullcircle.engine.base import Engine
    from fullcircle.insights.segments.conditions import Condition


class Reader:
    """An open graph and book, for reading. It sees the graph as it was when it was opened; open again to see more."""

    def __init__(
        self, store: GraphStore, book: Book, settings: Config, resources: ExitStack | None = None, door: Door | None = None
    ) -> None:
        self.store = store
        self.door = door or Door(Principal("os:", frozenset()), None, NullLog())  # one person, who sees all
        self.book = book
        self.settings = settings
        self._resources = resources or ExitStack()  # what `close` closes; what the caller opened stays open
        self.looking: LookingUp | None = None  # made by the first `look_up`; in a server that of all who ask

    @question("show")
    def show(self, which: str, parts: Sequence[str] = ()) -> CustomerView:
        """One customer, whole, named by any id (old ids too), an order's number, or words that fit only one customer.

        `parts`: only these of its fields are read, and shown.
        """
        return view(self._named, self.book, which, self._objects, parts)

    @question("show")
    def sources(self, which: str) -> Answers[GoldenSource]:
        """Where each golden value of a customer comes from: record, rule, and the values that lost."""
        from fullcircle.ask.sources import sources

        return sources(self._view(which))

    @question("search")
    def search(self, words: str, limit: int = 20) -> Answers[SearchHit]:
        """Customers by a number or an id, then those that have every word in any of their records, best first."""
        return search(self._named, words, limit, self._objects)

    @question("search")
    def search_page(self, words: str, wanted: SearchFilter | None = None, after: str = "", limit: int = 20) -> SearchPage:
        """What `search` finds, page by page, with counts by source, kind and city; `after`: the `next` of the page before.

        NotAllowed for a city, where the asker does not see cities in full.
        """
        from fullcircle.ask.search_page import SearchFilter, search_page

        wanted, after = wanted or SearchFilter(), self.door.mask.opened(after)
        sees_city = self.door.mask.sight.level(class_of_value("city")) == "full"
        self.door.check_seen("search_page", "search", ["city"] if wanted.city and not sees_city else [])
        page = search_page(self._named, self.book, words, wanted, after, limit, self._objects)
        return page if sees_city else page.without_cities()

    @question("export")
    def customers(self, after: str = "", limit: int = 500) -> CustomersPage:
        """All customers whose data may be used, with golden values, page by page; `after`: the `next` of the page before."""
        from fullcircle.ask.customers_page import customers_page

        return customers_page(self.store, self.book, after, limit)

    @question("search")
    def of_nobody(self, words: str) -> list[str]:
        """The ids of the orders, tickets, records ... with this number or id that belong to no customer."""
        return [vertex.id for vertex in of_nobody(self._named, words, self._objects)]

    @question("related")
    def related(self, which: str, limit: int = 10, live: bool = False) -> Answers[RelatedCustomer]:
        """The customers most like this one, best first, and why; `live`: as the graph server computes it now."""
        if not live:
            return related(self._named, self.book, which, limit, self._objects)
        server = computing(self.store, self.settings.graph.store)
        return related_live(self._named, server, self.book, which, limit, self._objects, related_options(self.settings))

    @question("habits")
    def habits(self, which: str, live: bool = False) -> HabitsAnswer:
        """How a customer buys; NotFound if nothing was ordered. `live`: as the graph server computes it now."""
        from fullcircle.ask.habits import habits, habits_live

        if not live:
            return habits(self._named, self.book, which, self._objects)
        server = computing(self.store, self.settings.graph.store)
        return habits_live(self._named, server, self.book, which, self._objects, habits_options(self.settings))

    @question("habits")
    def worth(self, which: str) -> WorthAnswer:
        """Orders and value expected of a customer, and the chance that none comes; NotFound if nothing is foreseen of them."""
        from fullcircle.ask.worth import worth

        return worth(self._named, self.book, which, self._objects)

    @question("bought_together")
    def bought_together(self, which: str, limit: int = 10, live: bool = False) -> Answers[BoughtWith]:
        """What goes into the same order as a product, the most telling first; `live`: as the graph server computes it now."""
        from fullcircle.ask.bought_together import bought_together, bought_together_live

        if not live:
            return bought_together(self._named, which, limit)
        server = computing(self.store, self.settings.graph.store)
        return bought_together_live(self._named, server, which, limit, together_options(self.settings))

    @question("path")
    def path(self, a: str, b: str, max_hops: int = 6) -> Answers[PathStep]:
        """How two customers are connected: a shortest path through the graph."""
        return path(self._named, self.book, a, b, max_hops, self._objects)

    @question("show")
    def people(self, which: str, after: str = "", limit: int = 50) -> CustomersGroups:
        """The households and accounts of a customer with their people; `after`: the `next` of a group's page before."""
        from fullcircle.ask.people import people

        return people(self._named, self.book, which, self.door.mask.opened(after), limit, self._objects)

    @question("path")
    def around(self, which: str, group: str = "", after: str = "", limit: int = 10) -> Surroundings:
        """What is around a customer, or anything else in the graph: its neighbours in groups; `after`: a group's `next`."""
        from fullcircle.ask.around import around

        after = self.door.mask.opened(after)
        return around(self._named, self.book, which, group, after, limit, self._objects)

    @question("why")
    def why(self, record_a: str, record_b: str) -> WhyAnswer:
        """Why two records are, or are not, one customer; through which others, if they are joined through others."""
        from fullcircle.ask.why import why  # brings the libraries that score pairs, which few other questions need

        self._nameable(record_a, record_b)
        with self._tables_or_graph() as tables:
            return why(self.store, tables, self.book, (record_a, record_b), self.settings.identity)

    @question("why")
    def why_not(self, record_a: str, record_b: str) -> WhyNotAnswer:
        """Why two records are not one customer: what kept them apart, what is missing, what would have made them meet."""
        from fullcircle.ask.why_not import why_not

        self._nameable(record_a, record_b)
        with self._tables_or_graph() as tables:
            return why_not(self.store, tables, self.book, (record_a, record_b), self.settings.identity)

    @question("how")
    def how(self, which: str) -> HowAnswer:
        """How the records of a customer hold together, as a tree. It reads the tables: Busy beside a run."""
        from fullcircle.ask.how import how
        from fullcircle.home.tables_file import tables_for_reading

        if not self.door.mask.whole:
            which = find_customer(self._named, self.book, which, self._objects).id
        with tables_for_reading(self.settings) as tables:
            return how(tables, self.book, which)

    @question("review")
    def review(self, limit: int = 10, evidence: bool = True) -> Answers[ReviewItem]:
        """What a person should decide, in order of worth. It reads the tables: Busy beside a run.

        Without `evidence`, which has its price for each item, many are listed quickly; `why` has it for one.
        """
        from fullcircle.ask.review import review
        from fullcircle.home.tables_file import tables_for_reading

        with tables_for_reading(self.settings) as tables:
            return review(self.store, tables, self.book, self.settings.identity, limit, evidence)

    @question("review")
    def side_by_side(self, *records: str) -> SideBySide:
        """Records beside each other with all their fields, dates too, and what each has done."""
        from fullcircle.ask.side_by_side import side_by_side

        self._nameable(*records)
        with self._tables_or_graph() as tables:
            return side_by_side(self.store, tables, records)

    @question("label")
    def questions(self, limit: int = 20) -> Answers[LabelQuestion]:
        """The pairs of records whose label would tell most about the threshold. It reads the tables: Busy beside a run."""
        from fullcircle.ask.label import questions
        from fullcircle.home.tables_file import tables_for_reading

        with tables_for_reading(self.settings) as tables:
            return questions(tables, self.book, limit)

    @question("health")
    def threshold(self) -> ThresholdAnswer:
        """Precision and recall by threshold, from labels or from the weights. It reads the tables: Busy beside a run."""
        from fullcircle.ask.threshold import threshold
        from fullcircle.home.tables_file import tables_for_reading

        with tables_for_reading(self.settings) as tables:
            return threshold(tables, self.book, self.settings.identity)

    @question("health")
    def health(self, limit: int = 5) -> Answers[HealthRow]:
        """The figures of the last runs of `resolve`, newest first: sizes, given names, single records, changes."""
        from fullcircle.ask.health import health

        return health(self.book, limit)

    @question("health")
    def model(self) -> ModelAnswer:
        """The match weights in use, new ones that wait and what they would change, and the changes so far."""
        from fullcircle.ask.model import model

        with self._tables_or_graph() as tables:
            return model(self.book, tables, self.settings.identity.limits.weights)

    @question("history")
    def history(self, which: str = "") -> Answers[HistoryEntry]:
        """What happened to a customer, oldest first; without one, all decisions of people."""
        from fullcircle.ask.history import history

        id = (
            which
            if which.startswith("customer:") or not which
            else find_customer(self._named, self.book, which, self._objects).id
        )
        return history(self.book, id)

    @question("history")
    def changes(self, after: int = 0, limit: int = 500) -> ChangePage:
        """What changed for whom after each run, oldest first, from the event after this number on; no values."""
        from fullcircle.ask.changes import changes

        return changes(self.book, after, limit)

    @question("history")
    def decisions(self, about: Collection[str] = (), limit: int = 100) -> Answers[DecisionTaken]:
        """What people decided, the newest first, and whether a run has applied it; `about`: only about any of these records."""
        from fullcircle.ask.decisions import decisions

        self._nameable(*about)
        return decisions(self.book, about, limit)

    def _view(self, which: str) -> CustomerView:
        return view(self._named, self.book, which, self._objects)

    @cached_property
    def _named(self) -> GraphStore:
        """The graph in which customers are named: by what the asker may see."""
        return self.store if self.door.mask.whole else cast(GraphStore, StoreAsSeen(self.store, self.door.mask))

    def _nameable(self, *records: str) -> None:
        """NotFound, as for records that there are not, where an id has a key that the asker may not see."""
        for id in records:
            if not self.door.mask.may_name(whole := id if id.startswith("record:") else f"record:{id}"):
                raise NotFound(f"There is no record {whole}.", UNKNOWN)

    def at(self, door: Door) -> Reader:
        """The same graph and book, asked at another door."""
        other = Reader(self.store, self.book, self.settings, None, door)
        other.__dict__["_objects"] = self._objects  # it does not depend on who asks
        return other

    @cached_property
    def _objects(self) -> tuple[MappedObject, ...]:
        return mapped_objects(self.settings)

    @contextmanager
    def _tables_or_graph(self) -> Iterator[Engine | None]:
        """The tables, which are there before the graph is; None beside a run, and where there is only a graph."""
        from fullcircle.home.tables_file import tables_for_reading

        with ExitStack() as opened:
            try:
                tables: Engine | None = opened.enter_context(tables_for_reading(self.settings))
            except (Busy, NotFound):
                tables = None
            yield tables if tables and tables.has("members") else None

    @question("look_up")
    def look_up(self, record: Mapping[str, Any], create: bool = False) -> LookUpAnswer:
        """Who this record is, by the model of the last run; `create` gives a new customer an id at once.

        The first call reads the tables into memory (Busy beside a run), and so does the first one after each run.
        """
        from fullcircle.ask.look_up import look_up, read_record
        from fullcircle.ask.looking_up import LookingUp

        self._may_compare(record)
        if create:
            self.door.enter("create")
        if self.looking is None:
            self.looking = LookingUp(self.settings)
            self._resources.callback(self.looking.close)
        with self.looking.index(self.book) as (index, cleaner):
            clean, notes = read_record(cleaner, self.settings.project.country, record)
            found = look_up(index, self.book, self.settings.identity, clean, notes)
        return self._created(found, clean) if create and found.state == "unknown" else found

    def _may_compare(self, record: Mapping[str, Any]) -> None:
        """NotAllowed for a record with fields that the asker does not see: what fits would say what the values are."""
        mask = self.door.mask
        classes = {name: class_of("records", name) for name in record}
        hidden = [name for name, one in classes.items() if one in CLASSES and mask.sight.level(one) != "full"]
        hidden += [name for name, one in classes.items() if one not in CLASSES and not mask.may_name(str(record[name]))]
        self.door.check_seen("look_up", "compare", hidden)

    def _created(self, found: LookUpAnswer, record: Mapping[str, Any]) -> LookUpAnswer:
        from fullcircle.govern.home_keys import open_book
        from fullcircle.home.folder import private
        from fullcircle.identity import live

        with private(), closing(open_book(self.settings)) as book:
            customer, new = live.create(book, found.record_id, record)
        return replace(found, state="created" if new else "found", customer_id=customer, rule=None if new else "record")

    @question("query")
    def query(self, text: str, language: str = "", store: str = "") -> QueryAnswer:
        """A query in the store's own language, reading only; no language named: the store's first.

        `store`: another store of the config, [graph.others.<store>], a copy that is asked in Cypher, say.
        """
        self.door.check_whole("query", "Ask by `fullcircle show`, `search` and the other questions: their answers are masked.")
        if not store:
            return query(self.store, text, language)
        with open_named(self.settings, store, read_only=True) as other:
            return query(other, text, language)

    @question("status")
    def status(self) -> Status:
        """What the graph holds, what became of the money, when each stage was last finished, and how the last runs ended."""
        with suppress(HomeBroken), self._tables_or_graph() as tables:
            return status(self.store, self.book, tables)
        return status(self.store, self.book)

    @question("timeline")
    def timeline(self, which: str, wanted: TimelineFilter | None = None, after: str = "", limit: int = 50) -> Timeline:
        """What happened with a customer, newest first, page by page; `after`: the `next` of the page before."""
        from fullcircle.ask.timeline import TimelineFilter, timeline

        after = self.door.mask.opened(after)
        return timeline(self._named, self.book, which, wanted or TimelineFilter(), after, limit, self._objects)

    @question("quality")
    def quality(self, limit: int = 20) -> Quality:
        """What the rules of quality found in the last run and before, and what waits in quarantine; Busy beside a run."""
        from fullcircle.ask.quality import quality
        from fullcircle.home.tables_file import tables_for_reading

        with tables_for_reading(self.settings) as tables:
            return quality(tables, self.book, limit)

    @question("search")
    def segment(self, conditions: Sequence[str | Condition], limit: int = 10) -> SegmentAnswer:
        """How many customers fulfil all conditions (`spent > 100`, `country = DE`), and some of them; Busy beside a run.

        NotAllowed for a condition on what the asker does not see in full.
        """
        from fullcircle.ask.segment import segment
        from fullcircle.govern.restricted import Restricted
        from fullcircle.home.tables_file import tables_for_reading
        from fullcircle.insights.segments.conditions import conditions_of
        from fullcircle.insights.segments.fields import segment_field

        wanted, mask = conditions_of(conditions), self.door.mask
        hidden = [one.field for one in wanted if mask.sight.level(segment_field(one.field).field_class) != "full"]
        self.door.check_seen("segment", "count", hidden)
        with tables_for_reading(self.settings) as tables:
            return segment(tables, Restricted(self.book).records(), wanted, limit, mask.whole)

    @question("search")
    def segments(self) -> Answers[KnownSegment]:
        """The segments of the config: size, who came and went since the run before, and some of them; Busy beside a run."""
        from fullcircle.ask.segments import segments
        from fullcircle.home.tables_file import tables_for_reading

        mask = self.door.mask
        with tables_for_reading(self.settings) as tables:
            return segments(tables, lambda one: mask.sight.level(one) == "full", mask.whole)

    @question("search")
    def campaigns(self, days: int = 30) -> Answers[CampaignResult]:
        """What came of each campaign in its first days, beside who was held out, newest first; Busy beside a run."""
        from fullcircle.ask.campaigns import campaigns
        from fullcircle.home.tables_file import tables_for_reading

        with tables_for_reading(self.settings) as tables:
            return campaigns(self.book, tables, days)

    @question("runs")
    def runs(self, limit: int = 20) -> Answers[RunWithStages]:
        """The last runs with their stages, newest first."""
        from fullcircle.ask.runs import runs

        return runs(self.book, limit)

    def close(self) -> None:
        """Close the graph and the book, if `open_reader` opened them."""
        self._resources.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class _NoGraph:
    """In place of the graph before there is one: what only needs tables and book can be asked already."""

    def __init__(self, error: NotFound) -> None:
        self._error = error

    def __getattr__(self, name: str) -> NoReturn:
        raise self._error


def open_reader(settings: Config, as_: Asking = None, door: str = "python", log: AuditLog | None = None) -> Reader:
    """Open the graph and the book of a project for reading; NotFound if no run has made a graph or tables yet.

    `as_` is who asks: an API key, or somebody whom a server has recognised; None: the user of the operating system.
    """
    with ExitStack() as opened:
        book = book_for_reading(settings)
        opened.callback(book.close)
        asker = open_door(settings, book, as_, door, log)
        if isinstance(as_, str):
            asker.known_again(partial(principal_of, book, as_, door, asker.policy))
        opened.callback(asker.close)
        try:
            store: Any = opened.enter_context(open_store(settings, read_only=True))
        except NotFound as error:
            if not (settings.home / TABLES).exists():
                raise
            store = _NoGraph(error)
        return Reader(cast(GraphStore, store), book, settings, opened.pop_all(), asker)
