"""SQL that normalises spellings: case, accents, legal forms, street words, generation suffixes and the sound of a name."""

from __future__ import annotations

from fullcircle.engine.base import literal

GENERATIONS = {
    "jr": "jr", "junior": "jr", "ii": "jr", "sr": "sr", "senior": "sr", "iii": "iii", "iv": "iv", "jun": "jr", "sen": "sr",
    "ml": "jr", "st": "sr", "mladsi": "jr", "starsi": "sr", "mlodszy": "jr", "młodszy": "jr", "mł": "jr", "starszy": "sr",
    "fils": "jr", "pere": "sr", "hijo": "jr", "padre": "sr", "nuorempi": "jr", "vanhempi": "sr",
}  # fmt: skip
SUFFIXES = "|".join(GENERATIONS)
LEGAL_FORMS = (
    "llc|inc|incorporated|ltd|limited|corp|corporation|co|company|plc|llp|lp|gmbh|mbh|ag|kg|kgaa|ohg|ug|ev|se|sa|sas|sarl|srl|spa|"
    "sl|slu|bv|nv|vof|ab|oy|oyj|as|asa|aps|sp z o o|sro|kft|zrt|pty|pte|pvt|private|kk|sdn|bhd|cv|ltda|eireli|sab|de cv|"
    "s ?a ?(?:p ?i|b|p ?i ?b)? de c ?v|s ?a ?p ?i(?: ?b)?|s(?: ?c| ?p ?r)? de r ?[li](?: de c ?v)?|s en c(?: de c ?v| por a)?|"
    "s a|lda|unipessoal lda|ltda (?:me|epp)|eirl|scrl|slne|slp|sau|snc|gesbr|keg|og|gen m ?b ?h|reg gen m ?b ?h|amba|ivs|abp|"
    "sp k|sp j|sp zoo(?: sp k)?|sp z o o sp k|doo|j doo|jdoo"
)
STREET_WORDS = {
    "street": "st", "str": "st", "avenue": "ave", "av": "ave", "road": "rd", "drive": "dr", "lane": "ln", "place": "pl",
    "boulevard": "blvd", "court": "ct", "square": "sq", "terrace": "ter", "highway": "hwy", "parkway": "pkwy", "circle": "cir",
    "north": "n", "south": "s", "east": "e", "west": "w", "apartment": "apt", "suite": "ste", "saint": "st",
}  # fmt: skip
TITLES = (
    "mr|mrs|ms|miss|mx|dr|prof|professor|sir|lord|lady|dame|rev|reverend|revd|hon|honourable|capt|captain|maj|major|col|colonel|gen|"
    "general|lt|lieutenant|sgt|count|countess|baron|baroness|herr|frau|monsieur|madame|mme|mlle|senor|senora|signor|signora|don|dona"
)
LETTERS = 2**63 - 1  # what the number of the letters of a text is less than


def fold(column: str) -> str:
    """SQL: lower case without accents and apostrophes; other characters become single blanks; null if nothing is left."""
    plain = rf"regexp_replace(replace(lower(strip_accents({column})), 'ß', 'ss'), '[''’`´]', '', 'g')"
    return rf"nullif(trim(regexp_replace({plain}, '[^\p{{L}}\p{{N}}]+', ' ', 'g')), '')"


def fold_email(column: str) -> str:
    """SQL: an e-mail in lower case without a tag; dots do not count where the provider ignores them."""
    bare = rf"regexp_replace(lower({column}), '\+[^@]*@', '@')"
    gmail = rf"regexp_replace({bare}, '@googlemail\.com$', '@gmail.com')"
    without_dots = f"replace(split_part({gmail}, '@', 1), '.', '') || '@gmail.com'"
    return f"CASE WHEN ends_with({gmail}, '@gmail.com') THEN {without_dots} ELSE {bare} END"


def fold_street(column: str) -> str:
    """SQL: a folded street with common words in one spelling ("street" and "str" become "st")."""
    text = f"replace({fold(column)}, 'strasse', 'st')"
    words = "MAP {" + ", ".join(f"{literal(long)}: {literal(short)}" for long, short in STREET_WORDS.items()) + "}"
    return f"array_to_string(list_transform(string_split({text}, ' '), lambda w: coalesce({words}[w], w)), ' ')"


def fold_organisation(column: str) -> str:
    """SQL: a folded organisation name without its legal form and without a leading "the"."""
    text = rf"regexp_replace(regexp_replace({fold(column)}, '\b([a-z]) (?:([a-z])\b ?)(?:([a-z])\b)?$', '\1\2\3'), '^the ', '')"
    bare = rf"trim(regexp_replace({text}, '(\s+({LEGAL_FORMS}))+$', ''))"
    return f"coalesce(nullif({bare}, ''), {fold(column)})"


def has_legal_form(column: str) -> str:
    """SQL: whether a folded organisation name ends with a legal form."""
    text = rf"regexp_replace({fold(column)}, '\b([a-z]) (?:([a-z])\b ?)(?:([a-z])\b)?$', '\1\2\3')"
    return rf"coalesce(regexp_matches({text}, '\s({LEGAL_FORMS})$'), false)"


def untitled(text: str) -> str:
    """SQL: a folded name without a title before it; null if it is nothing but a title."""
    return rf"nullif(regexp_replace({text}, '^(({TITLES})( |$))+', ''), '')"


def without_suffix(text: str) -> str:
    """SQL: a folded name without the generation suffix at its end, unless the suffix is the whole name."""
    return rf"regexp_replace({text}, '^(.+?) ({SUFFIXES})$', '\1')"


def suffix(text: str, words: int = 2) -> str:
    """SQL: the generation suffix at the end of a folded name with at least `words` words; null if there is none."""
    known = "MAP {" + ", ".join(f"{literal(spelt)}: {literal(meant)}" for spelt, meant in GENERATIONS.items()) + "}"
    before = " ".join(["[^ ]+"] * (words - 1))
    return f"{known}[regexp_extract({text}, '{before} ({SUFFIXES})$', 1)]"


def street_key(street: str) -> str:
    """SQL: house number and first distinctive word of a folded street. A flat or a city in the same line does not change it.

    "12 n elm st apt 3 springfield" gives "12|elm". If the number comes last, the first distinctive word of the street is used.
    """
    number = rf"regexp_extract({street}, '\d+')"
    short = literal(sorted(set(STREET_WORDS.values()))).replace("'[", "[").replace("]'", "]").replace("''", "'")
    distinctive = f"lambda w: length(w) >= 3 AND NOT list_contains({short}, w)"
    after = rf"string_split(regexp_extract({street}, '\d+ (.*)$', 1), ' ')"
    first = f"list_filter({after}, {distinctive})[1]"
    return f"{number} || '|' || coalesce({first}, list_filter(string_split({street}, ' '), {distinctive})[1])"


def initials(name: str) -> str:
    """SQL: the first letters of the words of a folded name, if it has at least three."""
    words = f"string_split({name}, ' ')"
    return f"CASE WHEN len({words}) >= 3 THEN array_to_string(list_transform({words}, lambda w: left(w, 1)), '') END"


def letters(text: str) -> str:
    """SQL: a number for the letters and digits of a text: those that change places make no difference.

    It is the sum of the hashes of the characters. To put them in order takes three times as long.
    """
    signs = f"string_split(replace({text}, ' ', ''), '')"
    return f"CAST(list_sum(list_transform({signs}, lambda c: hash(c))) % {LETTERS} AS BIGINT)"


def sound(name: str) -> str:
    """SQL: a simple sound key: the first letter and the later consonants, double letters once. "smith" and "smyth" agree."""
    text = f"regexp_replace(substr({name}, 2), '[aeiouyhw ]', '', 'g')"
    for letter in "lstnrfmpc":
        text = f"replace({text}, '{letter * 2}', '{letter}')"
    return f"left({name}, 1) || {text}"
