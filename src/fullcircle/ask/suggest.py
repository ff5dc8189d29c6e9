"""Which [[map]] sections could sources have: opens them, samples their rows, proposes; writes the proposal into the config."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fullcircle.config.sections import Config
from fullcircle.connectors.pull import open_source
from fullcircle.engine.open import open_engine
from fullcircle.errors import ConfigError, NotFound
from fullcircle.mapping.defaults import maps_for
from fullcircle.mapping.propose.plan import Proposed
from fullcircle.mapping.propose.same_sales import COUNTS_ONCE
from fullcircle.mapping.propose.sample import take
from fullcircle.mapping.propose.suggest import as_data, propose, text_of

START, END = "# >>> fullcircle map suggest", "# <<< fullcircle map suggest"


def suggest_map(settings: Config, source: str) -> str:
    """TOML text with the proposed sections, to be read and corrected; empty where the source has no objects."""
    return "\n".join(text for _, text in texts(settings, [source]) if text)


def suggest_data(settings: Config, sources: Sequence[str]) -> list[dict[str, Any]]:
    """The same as data, one entry for each object."""
    return _data(_proposed(settings, sources), set())


def _data(proposed: Sequence[Proposed], by_hand: set[tuple[str, str]]) -> list[dict[str, Any]]:
    """Each object as JSON can hold it; `kept`: it has maps that were written by hand; `problem`: why it could not be read."""
    return [
        {**as_data(one), "kept": (one.sample.source, one.sample.name) in by_hand, "problem": one.sample.problem or ""}
        for one in proposed
    ]


def texts(settings: Config, sources: Sequence[str], mapped: set[tuple[str, str]] | None = None) -> list[tuple[str, str]]:
    """Each source with its proposal as TOML text. Objects of all the sources are judged together."""
    return _texts(settings, sources, _proposed(settings, sources), mapped or set())


def _texts(
    settings: Config, sources: Sequence[str], proposed: Sequence[Proposed], by_hand: set[tuple[str, str]]
) -> list[tuple[str, str]]:
    return [
        (name, text_of(name, settings.sources[name].connector, proposed, {one for source, one in by_hand if source == name}))
        for name in sources
    ]


def _proposed(settings: Config, sources: Sequence[str]) -> list[Proposed]:
    for source in sources:
        if source not in settings.sources:
            known = ", ".join(settings.sources) or "none"
            raise NotFound(f'The config has no source "{source}".', f"Sources of the config: {known}.")
    with closing(open_engine(memory="1GB")) as engine:
        samples = []
        for source in sources:
            with closing(open_source(source, settings.sources[source], settings.folder, settings.project.country)) as connector:
                samples += take(engine, source, connector)
        return propose(samples, engine)


def to_suggest(settings: Config) -> list[str]:
    """The sources that need maps: all but those whose connector brings its own."""
    return [name for name, one in settings.sources.items() if not maps_for({name: one})]


@dataclass(frozen=True, slots=True)
class WrittenProposal:
    """What `write` did: the sources whose proposals are in the config now, and all that was proposed, as in `suggest_data`."""

    sources: list[str]
    proposed: list[dict[str, Any]]


def write(settings: Config, sources: Sequence[str], path: Path) -> WrittenProposal:
    """Write the proposals between marker comments at the end of the config, in place of an earlier one.

    Maps that were written by hand, outside the markers, are kept, and nothing is proposed for their objects.
    """
    before = path.read_text(encoding="utf-8-sig")
    rest = without_proposal(before, sources)
    by_hand = {
        (one["source"], one["object"]) for one in tomllib.loads(rest).get("map", []) if "source" in one and "object" in one
    }
    proposed = _proposed(settings, sources)
    made = [(name, text) for name, text in _texts(settings, sources, proposed, by_hand) if text.strip()]
    blocks = "".join(f"\n{START} {name}\n{text.rstrip()}\n{END} {name}\n" for name, text in made)
    whole = rest.rstrip("\n") + "\n" + blocks
    try:
        tomllib.loads(whole)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            f"The proposal cannot be written into {path.name}: {error}.",
            "Run `fullcircle map suggest` without --write and paste it.",
        ) from error
    if whole != before:
        new = path.with_name(f"{path.name}.new")
        new.write_text(whole, encoding="utf-8")
        new.replace(path)
    return WrittenProposal([name for name, _ in made], _data(proposed, by_hand))


def counted_once(text: str) -> list[str]:
    """What a proposal says of sales that are in two objects, and count in one of them."""
    start = f"# {COUNTS_ONCE}"
    found, of = [], ""
    for line in text.splitlines():
        of = json.loads(line.partition("= ")[2]) if line.startswith('object = "') else of
        if line.startswith(start):
            found.append(f"{of}: {line.removeprefix(start)}")
    return found


def without_proposal(text: str, sources: Sequence[str]) -> str:
    """The text of a config without the proposals that were written for these sources."""
    for source in sources:
        name = re.escape(source)
        text = re.sub(
            rf"\n?^{re.escape(START)} {name}$.*?^{re.escape(END)} {name}$\n?", "\n", text, flags=re.MULTILINE | re.DOTALL
        )
    return text
