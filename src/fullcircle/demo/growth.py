"""More names for bigger companies: in a bigger population there are more different names, and the common ones stay common.

A company of up to `BASE_PEOPLE` people draws from the lists of names.py alone. Beyond that each origin gets further names,
put together from syllables, so that the share of people with a namesake rises only slowly, as it does in real populations.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product
from math import gcd, log

from fullcircle.demo.names import ORIGINS, Origin

BASE_PEOPLE = 2_000
# Different full names grow with people ** SPREAD; family names take most of it: a language has far fewer given names.
SPREAD, FAMILY_SPREAD = 0.75, 0.56
SHARES_FAMILY, SHARES_GIVEN, HEAD = 1.5, 1.8, 0.6  # how uneven the lists of names.py are drawn from; see `unevenness`


@dataclass(frozen=True, slots=True)
class More:
    """Syllables of an origin: family names are head + middle + tail, given names head + tail; `Latin|Native` where it has one."""

    family: tuple[str, str, str]
    female: tuple[str, str]
    male: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Pools:
    """The names of an origin for a company, the commonest first."""

    family: tuple[str, ...]
    female: tuple[str, ...]
    male: tuple[str, ...]


MORE: dict[str, More] = {
    "english": More(
        ("Ald Ash Bar Beck Birk Blan Brad Bur Cald Cle Cor Cul Den Dray Ed Elk Farn Fen Gar Gil Had Hart Hol Hux Ing Kel Lam Led "
         "Lox Mar Mid Nas Orm Pem Pres Rad Rock Scar Shap Stan Sut Thur Tren Wal Wex Whit Wy Yel",
         "a al ber bing chel cum der en er ern es in ing ker kin lan ling mer ming nel ning ram ster ter ven ver wel",
         "bank bourne brook bury by combe cote croft dale don field ford gate ham head hill hurst land ley low man mere more"),
        ("Ad Amab Ar Bry Cal Cec Cor Dor El Em Est Fel Gen Haz Jess Lav Mab Mar Mel Nor Od Ros Sel Syl Ver Win",
         "a elle ette ia ie ine is ora"),
        ("Ad Al Ambr Barn Bert Clem Cor Desm Ed Elm Ever Ferd God Hor Ir Lamb Leon Mal Mort Norb Osw Quent Reg Rod Sid Wil",
         "an en ert ic in ley on win"),
    ),
    "spanish": More(
        ("Alc Arr Bal Barr Bel Ben Cab Cam Carr Cast Cer Cor Dur Esp Fuent Gal Gar Gran Hern Jim Lar Led Mal Mar Mel Mor Nav Od "
         "Pal Per Ram Riv Rom Sal San Sot Tav Tor Val Vel",
         "ab al an ar at ed el en er iz od om or ur", "ales ana az era ero eta ez illa illo ino osa oza uela"),
        ("Ad Am Bel Cris Dan Em Esm Flor Grac Jos Jul Lour Marc Merc Nat Oliv Rom Seraf Ter Ver", "ana ela elia enta ida ina "
         "iana"),
        ("Abel Adr Am Baut Ces Cris Dam Em Fab Fel Ger Hil Jac Leon Marc Max Oct Rog Sat Val", "andro ano ario encio iano in io"),
    ),
    "german": More(
        ("Ack Al Bach Ber Brand Brei Dorn Ebel Eich Engel Fal Fin Fried Gern Gross Hag Har Hell Her Kal Kirch Kol Kram Lang Leh "
         "Lin Mai Mer Nieder Ost Rei Rit Roth Sal Schil Schwar Sei Stroh Tann Wein Wer Zim",
         "a el eln en er in ing kel lin mer ner ster", "auer bach bauer berg dorf feld gart hausen hof mann meier müller stedt "
         "thal"),
        ("Adel Anne Bern Diet Edel Elf Er Ger Her Irm Kun Lis Mech Otti Ros Sieg Wal Wil", "burg gard hild linde rike rose "
         "traud"),
        ("Adal Arn Bern Bert Diet Eck Ed Er Ger Hart Her Lud Mein Ort Rein Sieg Wal Win", "bert fried hard helm mar olf win"),
    ),
    "french": More(
        ("Am Bar Bau Ber Bou Bri Cas Chal Cham Cor Cour Del Des Fau Fer Gau Gir Gui Jou La Lan Mal Mari Mer Mor Per Pi Pon Rou "
         "Sal Ser Tour Vau Vil", "bel chon do gne le li lon man mi na nel ri ron ti ton", "ard aud bert eau ère et ier in ot oux "
         "sart val vigne"),
        ("Ad Alb Ang Bern Clém Cor El Em Fab Isab Jul Laur Luc Mad Mich Sab Val Yv", "aine ande elle ette ie ienne ine"),
        ("Adr Alb Aur Bert Clém Dam Edm Fab Ger Hip Jul Luc Maur Oct Raym Rol Sylv Val", "ain and aud el ert ien in ond"),
    ),
    "polish": More(
        ("Bal Ban Bart Biel Brod Chmiel Czar Dom Dud Fal Gaj Gław Gór Jan Jas Kac Kam Klim Kow Krup Kub Kul Laz Maj Mar Maz Mich "
         "Mod Niem Now Ols Pal Paw Pod Rad Rog Rut Sad Sob Stan Szym Tom Urb Wal Was Wit Wol Zab Zar Zel",
         "a al an ar el en er in isz on or ur", "ak ański czak czyk ecki ewski ik iński owicz owski uk"),
        ("Alic Ann Bron Dan Dor Fel Gen Iren Jol Kam Leok Mar Mich Nat Ren Teod", "alia ela ena ina isława ita"),
        ("Alb Bart Bog Bol Czes Dob Feliks Ger Jar Kons Lech Mar Rad Sław Tym Wit", "an ek isław omir osz usz"),
    ),
    "indian": More(
        ("Achar Agar Ananth Aru Bhar Chak Chel Dhan Dina Ganes Giri Hari Indra Kaly Kart Lok Madha Maha Mura Nanda Neel Pad Pari "
         "Pradh Pur Ragha Ranga Sada Samb Sath Sesha Siva Sreen Sund Thana Udaya Vara Veer Vish",
         "a adi ana ari endra esh i isha ita una ya", "dasan giri kar kumar lingam mani nathan pathi raj sekar swami vel"),
        ("Am An Bhar Chan Dhan Gay Had Ind Jaya Kal Mad Nal Pad Ram Sar Vas", "ali ani ini ita mathi shri vi"),
        ("Ab An Bal Chan Dee Gan Hari In Jai Kir Mad Nar Pav Ram Sub Viv", "dra esh inder it kumar nath pal"),
    ),
    "turkish": More(
        ("Akar Al Ar Ata Bal Bar Bek Bil Bul Cev Dal Del Dur Er Ger Gün İn Kap Kes Kıl Kork Mer Ok Or Öz Pak Sar Sel Ser Son Tan "
         "Tek Top Tun Uç Un Uy Uz Yal Yaz Yük Yur", "a al an ar ay ci dı el en er in ka kın lı", "ak baş can cı doğan er han "
         "kan kaya "
         "lıoğlu man mez soy taş türk"),
        ("Ay Bel Ber Can Der Fil Gön Gül İl Mel Nil Öz Ser Sim Tül Yas", "ay can gül in iz nur sen"),
        ("Al Ay Bar Ber Can Der Er Gür İl Kor Me Or Öz Ser Tun Vol", "alp can demir han kan kay tan"),
    ),
    "vietnamese": More(
        ("Âu Bạch Cao Chu Diệp Doãn Đào Đinh Đoàn Giang Hà Hứa Khúc Kiều La Lạc Lâm Lương Lưu Lý Mạc Nghiêm Ông Phùng Quách Tạ "
         "Tăng "
         "Thạch Thái Tiêu Tô Tôn Tống Trịnh Triệu Trương Từ Văn Viên Vương", "", ""),
        ("Ái Bảo Bích Diễm Hoài Hồng Khánh Kim Minh Mỹ Quỳnh Thanh Thu Thúy Tường Xuân", "châu chi đan giang hà hoa lan liên "
         "mai nga nhi "
         "phương thảo thư vy"),
        ("Anh Bảo Công Đình Đức Gia Hoàng Hữu Huy Kim Mạnh Quang Quốc Thanh Trung Xuân", "an bình cường duy hiếu hưng khoa kiên "
         "lâm long "
         "nam phong quý sơn vinh"),
    ),
    "greek": More(
        ("Alex|Αλεξ Anagn|Αναγν Anton|Αντων Athan|Αθαν Dim|Δημ Farm|Φαρμ Gavr|Γαβρ Ger|Γερ Kall|Καλλ Kar|Καρ Kont|Κοντ Kyr|Κυρ "
         "Lamp|Λαμπ Mand|Μανδ Mavr|Μαυρ Nik|Νικ Pan|Παν Petr|Πετρ Sav|Σαβ Stam|Σταμ Theod|Θεοδ Tsak|Τσακ Xen|Ξεν Zach|Ζαχ",
         "al|αλ an|αν ar|αρ ir|ιρ ol|ολ on|ον", "akis|άκης akos|άκος as|άς atos|άτος elis|έλης idis|ίδης opoulos|όπουλος"),
        ("Alex|Αλεξ Ath|Αθ Dion|Διον Evd|Ευδ Kal|Καλ Mar|Μαρ Pan|Παν Theod|Θεοδ", "andra|άνδρα ia|ία iani|ιανή okia|οκία "
         "ina|ίνα ora|ώρα"),
        ("Alex|Αλεξ Anton|Αντών Athan|Αθαν Er|Ερ Lamp|Λάμπ Louk|Λουκ Pan|Παν Theod|Θεόδ", "andros|ανδρος asis|άσης ilos|ίλος "
         "is|ης os|ος "
         "oulis|ούλης"),
    ),
    "ukrainian": More(
        ("Bab|Баб Boiar|Бояр Chorn|Чорн Dem|Дем Did|Дід Fed|Фед Har|Гар Hryn|Грин Ivan|Іван Kharch|Харч Klym|Клим Kozl|Козл "
         "Kuz|Куз "
         "Lev|Лев Maz|Маз Myr|Мир Naz|Наз Onyshch|Онищ Pav|Пав Pol|Пол Rom|Ром Sem|Сем Stets|Стец Vas|Вас Yurch|Юрч Zaits|Зайц",
         "al|ал an|ан ar|ар en|ен yn|ин on|он", "chuk|чук enko|енко iv|ів ko|ко uk|ук ych|ич yshyn|ишин"),
        ("Bohd|Богд Dar|Дар Hann|Ганн Ivann|Іванн Liubov|Любов Myrosl|Миросл Sol|Сол Yar|Яр", "a|а ana|ана ia|ія omyra|омира "
         "yna|ина ynka|инка"),
        ("Bor|Бор Dan|Дан Iv|Ів Myr|Мир Ost|Ост Rost|Рост Sviat|Свят Yar|Яр", "ap|ап omyr|омир oslav|ослав ylo|ило ysh|иш ko|ко"),
    ),
}  # fmt: skip


@cache
def pools(count: int) -> tuple[Pools, ...]:
    """The names of each origin of names.py for a company of so many people."""
    return tuple(_pools(origin, max(1.0, count / BASE_PEOPLE)) for origin in ORIGINS)


def unevenness(base: int, size: int, of_base: float) -> float:
    """The exponent e for drawing place `size * random ** e`: it grows with the list, so that its head stays heavy.

    With HEAD 1 the first name would stay as common as in the base list, with 0 it would get rare as fast as the list grows.
    """
    return of_base * (1 + HEAD * (log(size) / log(base) - 1))


def _pools(origin: Origin, growth: float) -> Pools:
    more = MORE[origin.name]
    family = _grown(origin.family, more.family, growth**FAMILY_SPREAD)
    rest = growth**SPREAD * len(origin.family) / len(family)  # what family names cannot give, given names must
    return Pools(family, _grown(origin.female, more.female, rest), _grown(origin.male, more.male, rest))


def _grown(base: tuple[str, ...], syllables: tuple[str, ...], growth: float) -> tuple[str, ...]:
    """The base list with further names up to `growth` times as many, as far as the syllables go."""
    wanted = round(len(base) * max(1.0, growth)) - len(base)
    if wanted == 0:
        return base
    found = list(dict.fromkeys(_joined(parts) for parts in product(*(text.split() or [""] for text in syllables))))
    known = set(base)
    fresh = [name for name in found if name not in known]
    step = round(len(fresh) * 0.618) | 1  # so that names that look alike are not all in, or all out
    while gcd(step, len(fresh)) > 1:
        step += 2
    return base + tuple(fresh[place * step % len(fresh)] for place in range(min(wanted, len(fresh))))


def _joined(parts: tuple[str, ...]) -> str:
    latin = "".join(part.partition("|")[0] for part in parts)
    native = "".join(part.partition("|")[2] for part in parts)
    return f"{latin}|{native}" if native else latin
