"""People who are archived, discharged or no longer active, and stay; and rows whose status says that they were deleted.

Whether they are still customers is for who reads the proposal: it says which column, and how many rows. See `said_of_retired`.
"""

from __future__ import annotations

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.propose.gone import DAY, NO_DAY, YES
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.words import plain

RETIRED = frozenset((
    "archived", "is_archived", "archived_at", "archived_on", "archive", "archivee", "archiviert", "archiviert_am", "gearchiveerd",
    "archivado", "archivada", "archiviato", "arquivado", "arkiveret", "arkivert", "arkiverad", "zarchiwizowany", "zarchiwizowane",
    "archivovano", "archivovany", "archivalt", "arhivirano", "arsivlendi", "архив", "в_архиве", "已归档",
    "discharged", "discharged_at", "discharge_date", "date_discharged", "entlassen", "ausgetreten", "ausgetreten_am", "austritt",
    "austrittsdatum", "inactive", "is_inactive", "inaktiv", "inactif", "inactivo", "inattivo", "inactief", "inativo",
    "nieaktywny", "neaktivni", "disabled", "is_disabled", "deactivated", "deaktiviert", "desactive", "gesperrt", "blocked",
    "blocked_yn", "is_blocked",
))  # fmt: skip
ACTIVE = frozenset((
    "active", "is_active", "active_yn", "aktiv", "ist_aktiv", "actif", "active_flag", "activo", "attivo", "actief", "ativo",
    "aktywny", "aktivni", "aktif", "активен", "enabled", "is_enabled",
))  # fmt: skip
NO = (
    "false",
    "f",
    "0",
    "0.0",
    "no",
    "n",
    "nein",
    "non",
    "nee",
    "nej",
    "nei",
    "não",
    "nao",
    "nie",
    "ne",
    "hayır",
    "nem",
    "ei",
    "нет",
    "否",
)
STATUS = frozenset(
    ("status", "state", "statut", "estado", "stato", "stav", "durum", "tila", "stan", "статус", "状态", "ステータス")
)
DELETED = (
    "deleted", "removed", "gelöscht", "geloescht", "supprimé", "supprimée", "supprime", "eliminado", "eliminada", "borrado",
    "cancellato", "eliminato", "excluído", "verwijderd", "slettet", "raderad", "borttagen", "usunięty", "usunięte", "smazáno",
    "smazaný", "odstraněn", "törölve", "törölt",
    "silindi", "șters", "удален", "удалён", "удалено", "已删除", "已刪除", "削除済み", "삭제됨",
    "archived", "archiviert", "archivé", "archivée", "archivado", "archiviato", "gearchiveerd", "zarchiwizowany",
)  # fmt: skip


def said_of_retired(engine: Engine | None, sample: Sample, gone: set[str]) -> list[str]:
    """A note for each column that says of some of the rows that they are no longer in use; `gone`: those are left out already."""
    if engine is None or not sample.table:
        return []
    notes = []
    for column, facts in sample.facts.items():
        word, text = plain(column), f"lower({text_of(column)})"
        if column in gone or not facts.filled:
            continue
        if word in RETIRED and (facts.distinct <= 3 or facts.date >= 0.9):
            day = f"regexp_full_match({text}, '{DAY}') AND NOT regexp_full_match({text}, '{NO_DAY}')"
            those = f"{text} IN ({_listed(YES)}) OR ({day})"
        elif word in ACTIVE and facts.distinct <= 3:
            those = f"{text} IN ({_listed(NO)})"
        elif word in STATUS or word.endswith("_status"):
            those = f"{text} IN ({_listed(DELETED)})"
        else:
            continue
        if found := engine.value(f"SELECT count(*) FILTER (coalesce({those}, false)) FROM {sample.table}"):
            notes.append(
                f"LOOK: {column} says of {found:,} of {sample.rows:,} rows that they are archived, deleted or no longer active: "
                "they stay, with all they did; to leave them out, write a where into the map"
            )
    return notes


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(map(literal, values))
