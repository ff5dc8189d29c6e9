"""What a column of refusals says: a yes takes consent away, a no says nothing, in all languages; a state counts by itself."""

# ruff: noqa: E501, SIM905 - words of many languages

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullcircle.errors import ConfigError
from fullcircle.mapping.conform import conform
from fullcircle.mapping.propose.refusal_columns import (
    EVERY_WAY,
    agreed_to,
    agreed_ways,
    is_end_of_consent,
    refused_beside,
    refused_ways,
    still_unread,
    unread_consents,
)
from fullcircle.mapping.propose.words import plain
from tests.mapping.test_conform import map_of
from tests.properties import examples

YES = "yes Y 1 1.0 true TRUE x ja oui sí sim si tak ano evet да igen kyllä да так ναι 是 はい 예 نعم כן já có ✓ unsubscribed".split()
YES += ["May 6, 2023", "Friday, January 5, 2024", "20230506", "1683367200", "45052", "05/2023", "Mai 2023", "yes, Jan 5 2024"]
YES += ["opted out", "Opt-Out", "abgemeldet", "désabonné", "gesperrt", "2024-03-01", "03/01/2024 10:00", "1 March 2024"]
NO = "no N 0 0.0 false FALSE nein non não nie ne hayır нет не ні nem ei όχι 否 いいえ 아니요 لا לא nei không".split()
NOTHING = [None, "", "-", "n/a", "0000-00-00"]


def consents(engine, landing, progress, values):
    rows = [{"id": str(number), "mail": f"p{number}@tal.example", "out": value} for number, value in enumerate(values)]
    landing.put("crm", "people", rows)
    people = map_of("crm", "people", "records", {"email": "mail"})
    refused = map_of("crm", "people", "consents", {"purpose": {"value": "email"}, "refused": "out"})
    conform(engine, landing, [people, refused], "US", progress)
    said = dict(engine.rows("SELECT CAST(key AS INTEGER), granted FROM conformed.consents"))
    set_aside = {int(key): why for key, why in engine.rows("SELECT key, reason FROM conformed.quarantine")}
    return {value: said.get(number, set_aside.get(number)) for number, value in enumerate(values)}


def test_a_yes_is_a_refusal_and_a_no_is_nothing(engine, landing, progress):
    found = consents(engine, landing, progress, [*YES, *NO, *NOTHING])
    assert {value: found[value] for value in YES} == dict.fromkeys(YES, False)
    assert {value: found[value] for value in [*NO, *NOTHING]} == dict.fromkeys([*NO, *NOTHING])


def test_who_says_in_a_word_to_have_agreed_agreed_and_what_is_neither_is_set_aside(engine, landing, progress):
    found = consents(engine, landing, progress, ["opted in", "subscribed", "ask his wife", "denied", "3", "Email; SMS"])
    assert found["opted in"] is True and found["subscribed"] is True
    assert all("consents.granted" in found[value] for value in ("ask his wife", "denied", "3", "Email; SMS"))


def test_refused_is_known_in_maps_of_consents_alone(engine, landing, progress):
    landing.put("crm", "people", [{"id": "1", "out": "yes"}])
    with pytest.raises(ConfigError, match='records has no column "refused"'):
        conform(engine, landing, [map_of("crm", "people", "records", {"refused": "out"})], "US", progress)


@pytest.mark.parametrize(
    ("headers", "ways"),
    [
        ("unsubscribed|Opted out|consent_opt_out|gdpr_opt_out|no_email|HasOptedOutOfEmail|donotbulkemail|emailOptOut|Unsubscribed from all email|unsubscribed_at|"
         "Kein Newsletter|désinscrit|Désabonné le|Newsletter abgemeldet|descadastrado|uitgeschreven|leiratkozott|отписан|退订|配信停止|"
         "수신거부|Email suppressed|Global unsubscribe|Marketing Email Opt Out?|E-Mail gesperrt|no e-mail|DoNotEmail__c", ("email",)),
        ("Do not contact|Werbung gesperrt|suppress|gdpr_opt_out_of_marketing|marketing_opt_out|no_marketing|Ne pas contacter|No contactar|Non contattare|"
         "Ei markkinointia|Robinsonliste|не беспокоить|请勿联系|Reklam istemiyor|Excluded from marketing", EVERY_WAY),
        ("Do not call|Nicht anrufen|ne pas appeler|não ligar|niet bellen|Ring ej|Do not allow Phone Calls|DNC", ("call",)),
        ("sms_opt_out|Do not text|Stop SMS|Geen SMS|No enviar SMS", ("sms",)), ("do_not_mail|Keine Post", ("post",)),
        ("No. Phone|Phone No|No of emails|Note|Blocked|Opt out reason|Unsubscribe link|Newsletter|Opt-In|Stop|Email|Contact no|"
         "Notes|Blacklist reason|No|Unsubscribe rate|Email status|Subscribed|Mailing address|Marketing", ()),
    ],
)  # fmt: skip
def test_the_names_of_columns_of_refusals(headers, ways):
    wrong = {header: found for header in headers.split("|") if set(found := refused_ways(plain(header))) != set(ways)}
    assert not wrong


WITHDRAWN = """
Consent withdrawn|Consent revoked|marketing_consent_revoked|Einwilligung entzogen|Einwilligung widerrufen am|consentement retiré|Zgoda wycofana
Toestemming ingetrokken|Widerspruch|contact_refused|Samtycke återkallat|consenso revocato|consentimento revogado|согласие отозвано
Withdrawn consent date|revoked_consent_at|consentRevokedAt|Date de retrait du consentement|Fecha de revocación del consentimiento
Data wycofania zgody|Zgoda cofnięta dnia|Samtykke trukket tilbage|Samtykke tilbakekalt|Suostumus peruttu|Souhlas odvolán|Súhlas odvolaný
Hozzájárulás visszavonva|Consimțământ retras|Privola povučena|Onay geri çekildi|Συγκατάθεση ανακλήθηκε|Згода відкликана|同意撤回|동의 철회
DSGVO-Widerspruch|Marketing objection|Werbeeinwilligung widerrufen|Permission refused|Opt-in withdrawn|Consent declined
""".strip().replace("\n", "|")
OTHERS = """
Consent|Consent date|Marketing consent|Consent withdrawn reason|Consent withdrawn by|Withdrawal amount|Widerruf|Payment declined|Order refused
Newsletter|Contact|Zgoda|Consent not withdrawn|Revoked|Contact owner|Card declined|Consent source|Contact retired|Promotion cancelled
Delivery refused|Order cancelled at|Kündigung zum|Annual contact value|Reklamacja odrzucona|Contact opposite sex|Contacto anulado por|Fecha de baja
""".strip().replace("\n", "|")


@pytest.mark.parametrize(
    ("headers", "ways"),
    [
        (WITHDRAWN, EVERY_WAY),
        ("Newsletter declined|baja|Newsletter-Widerruf|Email consent withdrawn|Toestemming nieuwsbrief ingetrokken", ("email",)),
        ("SMS consent revoked", ("sms",)),
        (OTHERS, ()),
    ],
)
def test_a_consent_that_was_withdrawn_in_any_language_and_order(headers, ways):
    wrong = {header: found for header in headers.split("|") if set(found := refused_ways(plain(header))) != set(ways)}
    assert not wrong


@given(st.sampled_from(WITHDRAWN.split("|")), st.sampled_from("-_ /"), st.booleans())
@settings(max_examples=examples(50))
def test_how_a_header_is_written_does_not_matter(header, sign, capitals):
    text = sign.join(plain(header).split("_"))
    assert refused_ways(plain(text.upper() if capitals else text)) == refused_ways(plain(header))


def test_what_may_be_about_consent_and_is_not_read_is_said():
    assert unread_consents(["Consent not withdrawn", "City"]).startswith("LOOK: Consent not withdrawn: this may say")
    assert not unread_consents(["Consent reason", "Contact name", "City"])


@pytest.mark.parametrize(
    ("headers", "purpose"),
    [
        (
            "Consenso marketing|Acepta publicidad|Zgoda na kontakt|Samtycke|Einwilligung Werbung|Accetta marketing",
            "marketing_consent",
        ),
        ("SMS consent|Souhlas SMS", "sms_opt_in"),
        ("Accepte les emails|Toestemming nieuwsbrief", "email_opt_in"),
        (
            "Consent withdrawn|Consent reason|No consent|Contact|Newsletter date|Accepted at|Will|Payment accepted|Consent given by",
            "",
        ),
    ],
)
def test_a_consent_that_is_there_in_any_language(headers, purpose):
    found = {header: agreed_to(plain(header)) for header in headers.split("|")}
    assert found == dict.fromkeys(found, purpose)


@pytest.mark.parametrize(
    ("header", "beside", "ways"),
    [
        ("BlockMail", "BlockEmail", ("post",)),
        ("Block_Mail", "Email consent", ("post",)),
        ("MailOptOut", "EmailOptOut", ("post",)),
        ("No mailings", "No e-mails", ("post",)),
        ("NoMail", "NoEmail", ("post",)),
        ("BlockMail", "Email", ("email", "post")),  # nobody says which of them: neither may be used
        ("Mail opt out", "", ("email", "post")),
        ("Keine Mails", "E-Mail-Einwilligung", ("email",)),
        ("BlockEmail", "BlockMail", ("email",)),
        ("Mailing list opt out", "Email opt out", ("email",)),
    ],
)
def test_mail_beside_e_mail_is_letters_and_alone_may_be_both(header, beside, ways):
    if header == "Keine Mails":
        assert set(refused_ways(plain(header))) == {"email"}
    else:
        assert set(refused_beside(plain(header), [plain(header), plain(beside)])) == set(ways)


@pytest.mark.parametrize(
    ("header", "purposes"),
    [
        ("Abonné emailing", "email_opt_in"), ("Abonné SMS", "sms_opt_in"), ("SMS-Marketing", "sms_opt_in"),
        ("Marketing Post/SMS", "sms_opt_in post_opt_in"), ("Marketing Post", "post_opt_in"), ("[NEWSLETTER_YN]", "email_opt_in"),
        ("Iscritto newsletter", "email_opt_in"), ("Prenumererar på nyhetsbrev", "email_opt_in"), ("Reklama SMS", "sms_opt_in"),
        ("AllowPurpose_Newsletter", "email_opt_in"), ("AllowPurpose_Fundraising", "fundraising"), ("Werbung per Post", "post_opt_in"),
        ("Marketing campaign", ""), ("Subscription plan", ""), ("Email verified", ""), ("Promo code", ""), ("Abonné", ""),
        ("Désabonné SMS", ""), ("No SMS marketing", ""), ("SMS", ""), ("Allow mail", ""), ("Marketing Mail", ""),
    ],
)  # fmt: skip
def test_a_name_of_nothing_but_advertising_and_ways_says_who_agreed(header, purposes):
    assert agreed_ways(plain(header)) == tuple(purposes.split())


def test_mail_beside_e_mail_is_agreed_to_as_letters():
    assert agreed_ways("allow_mail", ["allow_mail", "allow_email"]) == ("post_opt_in",)


def test_a_yes_or_no_about_a_way_or_an_agreement_is_never_mute():
    columns = ["SMS", "Can contact", "Abonné", "Email verified", "Active", "Allow mail", "City"]
    said = unread_consents(columns, columns)
    assert said.startswith("LOOK: SMS, Can contact, Abonné, Allow mail: ") and unread_consents(columns) == ""
    assert still_unread(["one", said], "Abonné")[1].startswith("LOOK: SMS, Can contact, Allow mail: ")
    assert still_unread([unread_consents(["SMS"], ["SMS"])], "SMS") == []


def test_the_day_on_which_a_consent_ends():
    ends = (
        "Consent expiration date|Einwilligung gültig bis|Consent expires|Toestemming vervalt op|Zgoda ważna do|Opt-in valid until"
    )
    assert all(is_end_of_consent(plain(one)) for one in ends.split("|"))
    others = "Consent date|Card expiry|Valid until|Einwilligung am|Contract end date|Zgoda"
    assert not any(is_end_of_consent(plain(one)) for one in others.split("|"))
