"""Names of currencies in words: `Pesos` in a project of Mexico is MXN, `Dólares` there USD. Start at `name_currencies`.

A name that several countries use is read by the country of the project; what is not known stays as it is, its amounts apart from
all others, and that is said.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.currency import CODES, ISO
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress

COLUMNS = (("staged_orders", "currency"), ("staged_interactions", "currency"), ("staged_products", "price_currency"))
PESO = {"MX": "MXN", "AR": "ARS", "CL": "CLP", "CO": "COP", "PH": "PHP", "UY": "UYU", "DO": "DOP", "CU": "CUP"}
DOLLAR = {
    "US": "USD", "CA": "CAD", "AU": "AUD", "NZ": "NZD", "HK": "HKD", "SG": "SGD", "TW": "TWD", "JM": "JMD", "TT": "TTD",
    "BB": "BBD",
    "BS": "BSD", "BZ": "BZD", "BN": "BND", "FJ": "FJD", "GY": "GYD", "NA": "NAD", "LR": "LRD",
}  # fmt: skip
NO_SIGN = ("PH", "CU")  # pesos that are not written with a mere $ beside dollars
SIGN = {country: code for country, code in (DOLLAR | PESO).items() if country not in NO_SIGN}
SIGN |= dict.fromkeys(("EC", "SV", "PA", "PR", "GU", "VI"), "USD")
SIGNS = ("$", "＄")
CROWN = {"SE": "SEK", "DK": "DKK", "NO": "NOK", "IS": "ISK", "CZ": "CZK", "GL": "DKK", "FO": "DKK"}
RUPEE = {"IN": "INR", "PK": "PKR", "LK": "LKR", "NP": "NPR", "MU": "MUR", "SC": "SCR"}
DINAR = {"RS": "RSD", "KW": "KWD", "JO": "JOD", "BH": "BHD", "DZ": "DZD", "TN": "TND", "IQ": "IQD", "LY": "LYD"}
POUND = {"GB": "GBP", "EG": "EGP", "GI": "GIP", "LB": "LBP", "SD": "SDG"}
BY_COUNTRY = (  # words, what they are in each country, and elsewhere ("": not known)
    ("peso pesos moneda_nacional mn mxp", PESO, ""),
    ("dollar dollars dolar dolares dolars dollari dollaro dolary dolarow dolari доллар доллары долларов долар", DOLLAR, "USD"),
    ("krone kroner kr", CROWN, ""),
    ("rupee rupees rupia rupias roupies rupie", RUPEE, "INR"),
    ("dinar dinars dinares dinari dinara", DINAR, ""),
    ("pound pounds libra libras livre livres pfund sterlina sterline", POUND, "GBP"),
    ("franc francs franken franchi fr", {"CH": "CHF", "LI": "CHF"}, ""),
    ("lei leu", {"RO": "RON", "MD": "MDL"}, "RON"),
    ("sol soles nuevos_soles", {"PE": "PEN"}, "PEN"),
)  # fmt: skip
ONE = {
    "EUR": "euro euros eura eurot евро євро ευρω",
    "SEK": "krona kronor svenska_kronor svenske_kroner",
    "DKK": "danske_kroner danska_kronor",
    "NOK": "norske_kroner norska_kronor",
    "CZK": "koruna koruny korun koruna_ceska ceska_koruna kc",
    "PLN": "zloty zlote zlotych zlotys zl",
    "HUF": "forint forints ft",
    "TRY": "lira turk_lirasi turk_lira tl",
    "BRL": "real reais real_brasileiro",
    "ZAR": "rand rands",
    "JPY": "yen yenes jen",
    "CNY": "yuan renminbi rmb",
    "KRW": "won",
    "RUB": "rubl rublo rublos rubel rubles рубль рубли рублей руб",
    "UAH": "hryvnia hrywna гривня гривні гривень грн",
    "BGN": "lev leva лв лева",
    "ISK": "islenskar_kronur kronur",
    "USD": "dolar_americano dolares_americanos us_dollar us_dollars dollar_us dollars_us usdollar dolares_usa "
    "dolar_estadounidense dolar_amerykanski",
    "CAD": "canadian_dollar canadian_dollars dollar_canadien dollars_canadiens",
    "AUD": "australian_dollar australian_dollars",
    "NZD": "new_zealand_dollar new_zealand_dollars",
    "MXN": "peso_mexicano pesos_mexicanos mexican_peso mexican_pesos",
    "ARS": "peso_argentino pesos_argentinos",
    "CLP": "peso_chileno pesos_chilenos",
    "COP": "peso_colombiano pesos_colombianos",
    "UYU": "peso_uruguayo pesos_uruguayos",
    "DOP": "peso_dominicano pesos_dominicanos",
    "PHP": "philippine_peso philippine_pesos",
    "GBP": "pound_sterling pounds_sterling british_pound british_pounds sterling libra_esterlina libras_esterlinas",
    "CHF": "schweizer_franken swiss_franc swiss_francs francs_suisses franchi_svizzeri",
    "INR": "indian_rupee indian_rupees",
    "ILS": "shekel shekels",
    "AED": "dirham dirhams",
    "SAR": "riyal riyals",
    "THB": "baht",
    "VND": "dong",
    "PEN": "sol_peruano",
}
NAMED = 5


def name_currencies(engine: Engine, country: str, progress: Progress) -> None:
    """Replace the names of currencies in the staged tables by their codes; say which are not known."""
    found: dict[str, int] = {}
    for table, column in COLUMNS:
        for word, number in engine.rows(
            f"SELECT upper(trim({column})), count(*) FROM {table} WHERE {column} IS NOT NULL GROUP BY 1"
        ):
            found[str(word)] = found.get(str(word), 0) + number
    unclear = any(sign in found for sign in SIGNS) and _beside_its_code(engine, SIGN.get(country, ""))
    means = {
        word: code for word in found if (code := code_of(word, country)) and code != word and not (unclear and word in SIGNS)
    }
    if means:
        cases = " ".join(f"WHEN {literal(word)} THEN {literal(code)}" for word, code in means.items())
        for table, column in COLUMNS:
            known = f"CASE upper(trim({column})) {cases} ELSE {column} END"
            engine.run(f"UPDATE {table} SET {column} = {known} WHERE {column} IS NOT NULL")
    _say_signs(found, country, unclear, progress)
    signs = {sign for signs in CODES.values() for sign in signs}
    unknown = sorted(
        word
        for word in found
        if word not in means and word not in ISO.split() and word not in signs and re.search(r"[^\W\d_]{3}", word)
    )
    if unknown:
        rows = sum(found[word] for word in unknown)
        progress.say(
            f"currency: {counted(rows, 'row names', 'rows name')} a currency that is not known: {', '.join(unknown[:NAMED])}. "
            "The amounts are kept apart from all others. Say which it is in the map: currency = "
            f'{{ field = "<column>", map = {{ "{unknown[0]}" = "<ISO code>" }} }}.'
        )


def _beside_its_code(engine: Engine, code: str) -> bool:
    """True where an object has both a mere `$` and the code of the country's own: then `$` may be another dollar."""
    if not code or code == "USD":
        return False
    signs = ", ".join(map(literal, SIGNS))
    return any(
        engine.value(
            f"SELECT count(*) FROM (SELECT source, object FROM {table} GROUP BY ALL HAVING bool_or(trim({column}) IN ({signs})) "
            f"AND bool_or(upper(trim({column})) = {literal(code)}))"
        )
        for table, column in COLUMNS
    )


def _say_signs(found: Mapping[str, int], country: str, unclear: bool, progress: Progress) -> None:
    """A mere `$` is the dollar or peso of the country of the project, or of nobody knows where."""
    rows = sum(found.get(sign, 0) for sign in SIGNS)
    if not rows:
        return
    meant = "" if unclear else SIGN.get(country, "")
    what = (
        f"it is read as {meant}, that of the project's country ({country})"
        if meant
        else f"which dollar that is, is not known in a project of {country}: the amounts are kept apart from all others"
    )
    progress.say(
        f"currency: {counted(rows, 'row has', 'rows have')} only the sign $; {what}. If it is another, say which in the map: "
        f'currency = {{ field = "<column>", map = {{ "$" = "<ISO code>" }} }}.'
    )


def code_of(word: str, country: str) -> str:
    """The ISO code for the name of a currency in a project of a country; "" if it is none, or is not known."""
    if word in SIGNS:
        return SIGN.get(country, "")
    text = word.casefold().replace("ł", "l").replace("ı", "i")
    text = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    name = "_".join(re.findall(r"[^\W_]+", text.replace(".", "")))
    if not name or word.upper() in ISO.split():
        return ""
    for code, words in ONE.items():
        if name in words.split():
            return code
    for words, of, elsewhere in BY_COUNTRY:
        if name in words.split():
            return of.get(country, elsewhere)
    return ""
