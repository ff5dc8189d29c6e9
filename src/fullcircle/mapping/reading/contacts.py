"""E-mail addresses, handles, document numbers and other identifiers: SQL steps over `x`. Phones are in phones.py.

The stored e-mail is the address as written, in lower case. Dots and `+tags` are kept; identity decides what they mean.
"""

from __future__ import annotations

from fullcircle.mapping.reading.characters import is_rounded
from fullcircle.model.identifiers import IDENTIFIER_KINDS

JUNK_LOCAL = (
    "none", "null", "noreply", "no-reply", "no_reply", "donotreply", "do-not-reply", "na", "n/a", "unknown", "nomail", "noemail",
    "no-email", "no.email", "nobody", "undisclosed", "notprovided", "asdf", "qwerty", "xxx", "xx", "aaa", "mailer-daemon",
)  # fmt: skip
JUNK_DOMAIN = ("none.com", "noemail.com", "nomail.com", "na.com", "null.com", "email.invalid", "test.test", "test.com.test")
_NOBODY = (  # of both sides of the @; `test@shop.com` may be somebody's
    "test|testing|abc|abcd|email|mail|correo|name|a|aa|aaa|user|none|null|na|no|not|dummy|fake|guest|gast|customer|client|kunde|asdf|"
    "qwerty|xx|xxx|123|1234|12345|unknown|nobody|noone|nomail|noemail|keine|sin|pasdemail|placeholder|sample|changeme|anonymous"
)
_LABEL = r"[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?"
_LOCAL = ", ".join(f"'{word}'" for word in JUNK_LOCAL)
_DOMAIN = ", ".join(f"'{word}'" for word in JUNK_DOMAIN)

EMAIL_FORM = (  # an address; the last step of EMAIL takes out those of nobody
    r"regexp_replace(nfc_normalize(x), '[\x{00AD}\x{200B}\x{FEFF}\x{2060}]', '', 'g')",
    r"CASE WHEN strpos(x, '<') > 0 AND strpos(x, '@') > strpos(x, '<') THEN regexp_extract(x, '<([^<>]*)>?', 1) ELSE x END",
    r"regexp_replace(lower(x), '^[\s''\"(\[]*(?:e-?mail:|mailto:)?[\s''\"(\[]*|\?subject=.*$', '', 'g')",
    r"regexp_replace(x, '\s*@\s*', '@')",
    r"regexp_extract(x, '[^\s,;|]+')",  # the first of several
    r"regexp_replace(x, '[\s''\")\].,;:>]+$', '')",
    rf"""CASE WHEN regexp_full_match(x, '[^\s@"(),:;<>\[\]\\]{{1,64}}@(?:{_LABEL}\.)+[\p{{L}}\p{{M}}\p{{N}}-]{{2,}}')
        AND NOT regexp_matches(x, '^\.|\.\.|\.@|\.\d+$') AND len(x) <= 254 THEN x END""",
)
EMAIL = (
    *EMAIL_FORM,
    f"""CASE WHEN split_part(x, '@', 1) IN ({_LOCAL}) OR split_part(x, '@', 2) IN ({_DOMAIN})
        OR regexp_matches(x, '^x@x[.]|^({_NOBODY}|x)[0-9]*@({_NOBODY}|example|domain|nowhere|provided|mailinator)[.]')
        THEN NULL ELSE x END""",
)
_SITES = "twitter|x|instagram|facebook|github|tiktok|linkedin"
HANDLE = (
    rf"regexp_replace(lower(trim(x)), '^(?:https?://)?(?:www\.)?(?:{_SITES})\.com/(?:in/)?', '')",
    r"regexp_replace(x, '^[@\s]+|[/\s]+$', '', 'g')",
    "nullif(x, '')",
)
# Document and membership numbers: letters and digits only, upper case; a single repeated character is junk, and so is what a
# spreadsheet rounded.
NUMBER = (
    f"CASE WHEN {is_rounded('x')} THEN NULL ELSE x END",
    r"regexp_replace(upper(nfc_normalize(x)), '[^\p{L}\p{N}]', '', 'g')",
    "CASE WHEN x = '' OR x = repeat(x[1], len(x)) AND len(x) > 2 THEN NULL ELSE x END",
    "CASE WHEN x IN ('NA', 'NONE', 'UNKNOWN', 'NULL', '123456789') THEN NULL ELSE x END",
)

TEXT = (r"nullif(trim(regexp_replace(nfc_normalize(x), '\s+', ' ', 'g')), '')",)  # as it is written: `CLI-003`


def identifier_kind(column: str) -> str:
    """SQL: the kind of an identifier as named in the model; unknown kinds are kept in lower case."""
    cases = " ".join(f"WHEN '{alias}' THEN '{kind.name}'" for kind in IDENTIFIER_KINDS.values() for alias in kind.aliases)
    return f"CASE lower({column}) {cases} ELSE lower({column}) END"


GENDERS = {
    "m": "m male man masculine mr herr männlich maennlich mann homme h hombre masculino maschio masculin 1 "
    "男 男性 м муж мужской dhr heer hr monsieur varón varon maschile homem mand mannlig mies mężczyzna mezczyzna muž muz férfi "
    "ferfi bărbat barbat erkek muško musko muškarac moški mannelijk karl karlkyn ч чоловік чоловіча мужчина мъж άνδρας αρσενικό "
    "άρρεν זכר גבר ذكر رجل 남 남자 남성 先生 nam",
    "f": "f female woman feminine ms mrs frau weiblich w femme mujer femenino femmina féminin feminin 2 "
    "女 女性 ж жен женский mevr mevrouw mme mlle fr madame hembra femminile donna mulher feminino femenina feminina kvinde "
    "kvinne kvinna kvinnelig kvindelig nainen kobieta k žena zena nő femeie kadın kadin žensko zensko ženska vrouw vrouwelijk "
    "kona kvenkyn жінка жіноча женщина жена γυναίκα θηλυκό θήλυ נקבה אישה أنثى امرأة 여 여자 여성 女士 nữ",
    "x": "x other divers d diverse nonbinary non-binary nb nonbin otro autre 3 inny outro andet annet annat altro anders jiné",
}


def gender(column: str) -> str:
    """SQL: m, f, x or null."""
    cases = " ".join(
        f"WHEN lower(rtrim({column}, '.')) IN ({', '.join(repr(word) for word in words.split())}) THEN '{ours}'"
        for ours, words in GENDERS.items()
    )
    return f"CASE {cases} END"
