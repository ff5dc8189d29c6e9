"""Order lines that are beside one another on the row of their order: in numbered columns, or as a list in one cell.

`Item 1 Name, Item 1 Qty, Item 2 Name ...`; WooCommerce's `line_item_1` (`name:Mug|quantity:2|total:39.00`); a JSON array;
`2x Mug; 1x Plate`. What is read becomes order lines by an `each` over the list; what is not read is said. Start at `wide`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.mapping.propose.guess import is_staff, plain
from fullcircle.mapping.propose.planner import ProposedMap, Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.refunds import rule_sql
from fullcircle.mapping.propose.sample import Sample

ITEMS = re.compile(
    r"(^|_)(items?|line_?items?|products?|lines|basket|cart|contents|articles?|artikel|produkte?|positionen|position|warenkorb|produits?"
    r"|panier|pozycje|produkty|zamowione|polozky|zbozi|tetelek|termekek|urunler|varer|varor|tuotteet|artikelen|bestelregels|состав|товары"
    r"|позиции|товар|商品|明細|商品明細|상품|productos?|articulos?|prodotti|prodotto|articoli|produtos?|itens|producten|skus?|goods|purchased|bought)(_|$)"
)
COUNT = re.compile(r"(^|_)(count|number|no|num|anzahl|nombre|quantity|qty|total|subtotal|price|id|type|tax|weight|of_items)(_|$)")
NOT_LINES = re.compile(r"(^|_)(shipping|fee|fees|tax|taxes|coupon|coupons|refund|refunds|discount)(_|$)")
PARTS = {  # what a part of a line is called
    "name": (
        "name", "title", "product_name", "product", "item", "item_name", "description", "label", "artikel", "bezeichnung",
        "produkt", "nom", "designation", "nombre", "producto", "descripcion", "nome", "article", "",
    ),
    "sku": (
        "sku", "code", "product_code", "item_code", "product_sku", "artikelnummer", "ean", "upc", "asin", "product_id", "item_id",
        "variant_id", "variation_id", "id",
    ),
    "quantity": (
        "quantity", "qty", "count", "units", "menge", "anzahl", "quantite", "cantidad", "quantidade", "qta", "quantita", "aantal",
    ),
    "unit_price": (
        "unit_price", "price", "item_price", "cost", "preis", "einzelpreis", "prix", "precio", "preco", "prezzo", "unit_cost",
        "rate", "unit_amount",
    ),
    "amount": (
        "total", "line_total", "total_price", "amount", "subtotal_after_discount", "row_total", "summe", "betrag", "montant",
        "importe",
    ),
}  # fmt: skip
COUNTED = (  # a product and how many of it, in one text: the expressions for the number and the product
    (r"^\s*(\d+)\s*[x×*]\s*(.+?)\s*$", 1, 2),
    (r"^\s*(.+?)\s*[x×]\s*(\d+)\s*$", 2, 1),
    (r"^\s*(.+?)\s*\((?:qty:?\s*)?(\d+)\)\s*$", 2, 1),
    (r"^\s*(.+?)\s*[:=]\s*(\d+)\s*$", 2, 1),
)
SEPARATORS = (r"\s*[;\n]\s*", r"\s*[;\n|]\s*", r"\s*,\s*")
ENOUGH = 0.98  # of the parts of all cells must be readable


@dataclass(slots=True)
class Wide:
    """The maps of the lines found, what they read, and what to say."""

    maps: list[ProposedMap] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    said: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _List:
    """SQL that gives a JSON array, the rules for the parts of its elements, and the columns it is made of."""

    sql: str
    rules: dict[str, Rule]
    columns: tuple[str, ...]
    what: str


def wide(engine: Engine | None, sample: Sample, orders: ProposedMap, used: Collection[str]) -> Wide:
    """The order lines on the rows of orders, if there are any."""
    made = Wide()
    free = [name for name in sample.facts if name not in used and sample.facts[name].filled and not is_staff(name)]
    if engine is None or not sample.table or not sample.rows:
        return made
    found = _numbered(engine, sample, free) or next((one for name in free if (one := _cell(engine, sample, name))), None)
    if found and "key" in orders.fields:
        made.maps, made.used = _maps(sample, orders, found), set(found.columns)
        made.said.append(f"{found.what}: each becomes an order line")
        if not {"unit_price", "amount"} & found.rules.keys():
            made.notes.append(f"{found.columns[0]}: the lines have no prices, so they have quantities but no amounts")
        return made
    unread = [
        name for name in free if ITEMS.search(plain(name)) and not COUNT.search(plain(name)) and sample.facts[name].number < 0.5
    ]
    if unread:
        made.notes.append(
            f"{', '.join(unread[:5])}: seems to say what was bought, but is not read as order lines; insights by product will "
            "miss these orders"
        )
    return made


def _maps(sample: Sample, orders: ProposedMap, found: _List) -> list[ProposedMap]:
    rules = found.rules
    known = [_sql_of(rules[name]) for name in ("sku", "name") if name in rules]
    product: Rule = {"sql": f"coalesce({', '.join(known)})"} if len(known) > 1 else {"sql": known[0]}
    goods: dict[str, Rule] = {"key": product, "name": rules.get("name", rules.get("sku", product))}
    if "sku" in rules:
        goods["sku"] = rules["sku"]
    order = rule_sql(orders.fields["key"])
    lines: dict[str, Rule] = {
        "key": {"sql": f"{order} || ':' || _number"},
        "order_id": {"sql": order, "ref": sample.name},
        "product_id": {**product, "ref": sample.name},
        "quantity": {**rules["quantity"], "value": "1"} if "quantity" in rules else {"value": "1"},
        **{name: rules[name] for name in ("unit_price", "amount") if name in rules},
    }
    each = f"= {found.sql}"
    return [
        ProposedMap("products", goods, each=each, where=f"{product['sql']} IS NOT NULL"),
        ProposedMap("order_lines", lines, each=each, where=orders.where),
    ]


def _sql_of(rule: Rule) -> str:
    """SQL for a part of an element."""
    path = '$."' + str(rule.get("field", "")) + '"'
    return str(rule["sql"]) if "sql" in rule else f"nullif(trim(json_extract_string(_each, {literal(path)})), '')"


# -- numbered columns ---------------------------------------------------------------------------------------------------------
def _numbered(engine: Engine, sample: Sample, names: Sequence[str]) -> _List | None:
    """Groups of columns that differ by a number: `Item 1 Name`, `Product Name 2`, `line_item_1`."""
    groups: dict[int, dict[str, str]] = {}
    for name in [each.name for each in sample.found.fields if each.name in sample.facts]:
        bare = re.sub(r"(?<=[a-z])(?=\d)", "_", plain(name))
        match = re.fullmatch(r"(?:(\w+?)_)?(\d{1,2})(?:_(\w+))?", bare)
        if match and name in names and (match.group(1) or match.group(3)):
            groups.setdefault(int(match.group(2)), {})["_".join(one for one in (match.group(1), match.group(3)) if one)] = name
    stems = {stem for group in groups.values() for stem in group if ITEMS.search(stem) and not NOT_LINES.search(stem)}
    stems |= _beside(stems, groups)
    of = {part: stem for part in PARTS for stem in sorted(stems, key=len) if _part(stem) == part}
    if "name" not in of and "sku" not in of:
        return None
    whole = of.get("name", "")
    numbers = [number for number in sorted(groups) if {of.get("name"), of.get("sku")} & groups[number].keys()]
    if len(of) == 1 and whole:
        columns = [groups[number][whole] for number in numbers]
        return _texts(engine, sample, columns)
    elements = []
    for number in numbers:
        parts = ", ".join(f"'{part}': {text_of(groups[number][stem])}" for part, stem in of.items() if stem in groups[number])
        elements.append("{" + parts + "}")
    if any(set(of.values()) - groups[number].keys() for number in numbers):
        return None  # the groups are not alike: nothing is guessed
    there = " OR ".join(f"x.{part} IS NOT NULL" for part in ("name", "sku") if part in of)
    sql = f"to_json(list_filter([{', '.join(elements)}], lambda x: {there}))"
    columns = [name for number in numbers for name in groups[number].values() if name in sample.facts]
    title = of.get("name", of.get("sku", ""))
    what = f"{groups[numbers[0]][title]} to {groups[numbers[-1]][title]}"
    return _List(sql, {part: {"field": part} for part in of}, tuple(columns), what)


def _beside(stems: Collection[str], groups: Mapping[int, Mapping[str, str]]) -> set[str]:
    """The parts of a line that do not say of what they are, but have the same numbers: `Qty 1`, `Price 1` beside `Item 1`."""
    numbers = [number for number, group in groups.items() if {*stems} & group.keys()]
    bare = {stem for group in groups.values() for stem in group if any(stem in known for known in PARTS.values())}
    return {stem for stem in bare if len(numbers) > 1 and [n for n, group in groups.items() if stem in group] == numbers}


def _part(stem: str) -> str:
    """What part of a line a stem names: `item_qty` is the quantity."""
    for part, known in PARTS.items():
        if _bare(stem) in known or stem in known:
            return part
    return ""


def _bare(stem: str) -> str:
    return re.sub(r"^(line_?item|order_item|item|product|article|artikel|produkt|position|line|sku)s?_?", "", stem)


# -- lists in cells -----------------------------------------------------------------------------------------------------------
def _cell(engine: Engine, sample: Sample, name: str) -> _List | None:
    """The list in the cells of a column."""
    if _json(engine, sample, name):
        return _of_json(engine, sample, name)
    if not ITEMS.search(plain(name)) or NOT_LINES.search(plain(name)) or COUNT.search(plain(name)):
        return None
    return _texts(engine, sample, [name])


def _json(engine: Engine, sample: Sample, name: str) -> bool:
    valid = f"json_valid({quoted(name)}) AND left(ltrim({quoted(name)}), 1) = '['"
    return bool(engine.value(f"SELECT count(*) FILTER ({valid}) >= {ENOUGH} * count({quoted(name)}) FROM {sample.table}"))


def _of_json(engine: Engine, sample: Sample, name: str) -> _List | None:
    column = quoted(name)
    elements = f"SELECT unnest(json_extract({column}, '$[*]')) AS e FROM {sample.table} WHERE json_valid({column})"
    keys = [
        key
        for (key,) in engine.rows(
            f"SELECT DISTINCT unnest(json_keys(e)) FROM ({elements}) WHERE json_type(e) = 'OBJECT' ORDER BY 1"
        )
    ]
    if not keys:
        return None
    rules: dict[str, Rule] = {}
    for part, known in PARTS.items():
        best = [key for word in known for key in keys if plain(key) == word and re.fullmatch(r"[\w -]+", key)]
        if best:
            rules[part] = {"field": best[0]}
    if not {"name", "sku"} & rules.keys():
        return None
    whole = (
        f"CASE WHEN json_valid({column}) THEN json({column}) WHEN {text_of(name)} IS NOT NULL THEN json_array(json_object()) END"
    )
    return _List(whole, rules, (name,), f"{name} holds lists")


def _texts(engine: Engine, sample: Sample, names: Sequence[str]) -> _List | None:
    """Lists of texts: each column, or each part of a cell, is a line."""
    listed = [name for name in names if name in sample.facts]
    whole = f"list_filter([{', '.join(map(text_of, listed))}], lambda x: x IS NOT NULL)"
    title = f"{listed[0]} to {listed[-1]}" if len(listed) > 1 else f"{listed[0]} holds lists"
    if len(listed) > 1:
        ways = [whole]
    else:
        text = text_of(listed[0])
        ways = [f"list_filter(string_split_regex({text}, {literal(one)}), lambda x: x <> '')" for one in SEPARATORS]
    for sql in ways:
        parts = f"SELECT unnest({sql}) AS e FROM {sample.table}"
        if rules := _pairs(engine, parts) or _counted(engine, parts):
            return _List(f"to_json({sql})", rules, tuple(listed), title)
    return None


def _pairs(engine: Engine, parts: str) -> dict[str, Rule]:
    """The rules for `name:Mug|quantity:2|total:39.00` and `Product Name: Mug, Product Qty: 2`."""
    for sign in ("|", ","):
        between, value = re.escape(sign), f"[^|{sign}]*"
        shape = rf"\s*[\w ]+:{value}({between}\s*[\w ]+:{value})+"
        count, fit = engine.rows(f"SELECT count(*), count(*) FILTER (regexp_full_match(e, {literal(shape)})) FROM ({parts})")[0]
        if not count or fit < ENOUGH * count:
            continue
        each = literal(rf"(?:^|{between})\s*([\w ]+):")
        keys = [
            key for (key,) in engine.rows(f"SELECT DISTINCT unnest(regexp_extract_all(e, {each}, 1)) FROM ({parts}) ORDER BY 1")
        ]
        rules: dict[str, Rule] = {}
        for part, known in PARTS.items():
            best = [key for word in known for key in keys if _bare(plain(key)) == word or plain(key) == word]
            if best:
                expression = literal(rf"(?:^|{between})\s*{re.escape(best[0])}:([^{between}]*)")
                rules[part] = {"sql": f"nullif(trim(regexp_extract(json_extract_string(_each, '$'), {expression}, 1)), '')"}
        if {"name", "sku"} & rules.keys() and {"quantity", "amount", "unit_price"} & rules.keys():
            return rules
    return {}


def _counted(engine: Engine, parts: str) -> dict[str, Rule]:
    """The rules for `2x Mug`, `Mug x 2`, `Mug (2)`."""
    for expression, number, product in COUNTED:
        count, fit = engine.rows(f"SELECT count(*), count(*) FILTER (regexp_matches(e, {literal(expression)})) FROM ({parts})")[0]
        if count and fit >= ENOUGH * count:
            text = "json_extract_string(_each, '$')"
            return {
                "name": {"sql": f"nullif(regexp_extract({text}, {literal(expression)}, {product}), '')"},
                "quantity": {"sql": f"nullif(regexp_extract({text}, {literal(expression)}, {number}), '')"},
            }
    return {}
