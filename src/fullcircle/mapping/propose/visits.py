"""What became of an appointment or a booking: flags and times beside its status say that it was cancelled, moved, or nobody came.

`Did Not Arrive`, `Cancelled At`, `No Show`: without them a visit that never was looks like one. Start at `visit_status`.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from fullcircle.mapping.propose.guess import is_staff, plain
from fullcircle.mapping.propose.planner import Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.refunds import YES, YES_NO
from fullcircle.mapping.propose.sample import Sample

WHEN = r"(_(at|on|am|le|el|date|time|datetime|datum|tid|den|dnia|dne|il|em|op|reason|grund|motif|motivo|reden|powod|duvod))?"
CANCELLED = (
    r"(date_|time_|datum_|data_|fecha_)?(cancel|cancell?ed|cancell?ation|canceled|abgesagt|absage|storniert|stornierung|storno|annulee?|annulation"
    r"|cancelad[oa]|cancelacion|anulad[oa]|annullat[oa]|annullamento|disdett[oa]|cancelamento|geannuleerd|annulering|afgezegd|aflyst|avlyst|afbestilt"
    r"|avbokad|peruttu|peruutettu|odwolan[aey]|anulowan[aey]|zrusen[aoy]?|lemondva|lemondott|anulat|otkazano|iptal|отменен[ао]?|отмена|скасовано|ακυρωθηκε"
    r"|キャンセル|取消|취소|已取消)"
)
NO_SHOW = (
    r"(no_?shows?|did_not_arrive|did_not_attend|did_not_show|dna|missed|absent|not_attended|failed_to_attend|nicht_erschienen|versaeumt|versaumt"
    r"|ausgefallen|absente?|non_presente?e?|no_asistio|no_presentad[oa]|ausente|inasistencia|assente|non_presentat[oa]|mancata_presentazione|faltou|nao_compareceu"
    r"|niet_verschenen|niet_gekomen|udeblevet|udeblev|ikke_mott|uteblivit|uteblev|nieobecn[aoy]|nieobecnosc|nedostavil_se|neprisel|nem_jelent_meg"
    r"|absent[ae]?|nije_dosao|gelmedi|не_пришел|неявка|не_прийшов|不参|無断キャンセル|未到|爽约|노쇼|불참)"
)
MOVED = (
    r"(re_?scheduled|moved|postponed|verschoben|umgebucht|reportee?|reprogramad[oa]|spostat[oa]|rinviat[oa]|remarcad[oa]|verzet|flyttet|flyttad|ombokad"
    r"|siirretty|przelozon[aey]|prelozeno|athelyezve|reprogramat|ertelendi|перенесен[ао]?|перенесено|変更|改期|변경)"
)
CAME = (
    r"(arrived|attended|attendance|showed|showed_up|checked_in|present|presence|erschienen|anwesend|teilgenommen|presente?|asistio|asistencia|compareceu"
    r"|aanwezig|verschenen|fremmodt|mott|narvarande|lasna|obecn[aey]|obecnosc|pritomen|megjelent|prezent|geldi|пришел|прийшов|来店|出席|到场|참석)"
)
OUTCOMES = (  # the first that holds; the word for the status
    *((word, re.compile(rf"^(is_|was_|has_|war_|ist_|wurde_)?{names}{WHEN}$"))
      for word, names in (("cancelled", CANCELLED), ("no show", NO_SHOW), ("rescheduled", MOVED), ("attended", CAME))),
)  # fmt: skip


def visit_status(sample: Sample, named: Rule, taken: Collection[str]) -> tuple[dict[str, Rule], list[str]]:
    """The rules for `status` and `status_raw` of visits, with the columns that say what became of them; {} without such."""
    ways, seen = [], []
    for word, pattern in OUTCOMES:
        for name, facts in sample.facts.items():
            if name in taken or not facts.filled or is_staff(name) or not pattern.match(plain(name)):
                continue
            if facts.distinct <= 3 and facts.longest <= 6 and facts.date < 0.9:
                ways.append(f"WHEN lower({text_of(name)}) IN ({YES}) THEN '{word}'")
            elif word != "attended" and facts.filled < sample.rows:  # a time, or a reason: only those that were have one
                ways.append(f"WHEN lower({text_of(name)}) NOT IN ({YES_NO}) THEN '{word}'")
            else:
                continue
            seen.append(name)
    if not seen:
        return {}, []
    column = named.get("field", "")
    known = text_of(column) if column else "NULL"
    rules: dict[str, Rule] = {"status": {"sql": f"CASE {' '.join(ways)} ELSE {known} END"}}
    if column:
        rules["status_raw"] = {"field": column}
    return rules, [f"{', '.join(seen)}: says what became of a visit (cancelled, no show, rescheduled, attended)"]
