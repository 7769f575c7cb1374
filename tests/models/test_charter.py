"""The charter’s versions compared, its drafts edited by several, its signatures proved (REQ 69)."""

import datetime as dt
import json

import pytest

from models import CharterArticle, CharterSignature, CharterVersion, Membership, OutgoingEmail
from models.base import RuleBroken, typed_code
from models.charter import publication
from models.charter.comparison import Kind, compare, pieces
from models.charter.publication import Impact, impact
from models.charter.signatures import Capacity, Obstacle, SignatureState, leave_network, obstacle
from models.charter.versions import text_hash
from models.editing import EditConflict
from models.network.memberships import managers_of
from models.plain_language import remarks
from tests import factories

pytestmark = pytest.mark.usefixtures("db")


def version(*articles, **values):
    """A draft with these articles, each (title, text)."""
    number = f"v{CharterVersion.select().count()}"
    made = CharterVersion.create(**{"number": number, "title": "Charte"} | values)
    for title, text in articles:
        made.write_article(by=None, title=title, text=text)
    return made


ONE = ("L’accord", "On demande. On écrit la réponse. On la relit.")
TWO = ("Le passeport", "La personne garde son passeport et le montre à qui elle veut.")
THREE = ("Les actions", "Chaque partenaire publie ses actions dans la banque commune.")


def kinds(before, after):
    comparison = compare(before, after)
    return [
        (change.kinds, (change.after or change.before).number) for change in comparison.articles
    ]


def test_a_changed_article_counts_its_changed_sentences():
    after = version((ONE[0], "On demande. On note la réponse. On la relit deux fois."), TWO)
    comparison = compare(version(ONE, TWO), after)
    [change] = comparison.articles
    assert change.kinds == (Kind.CHANGED,)
    assert [(part.name, part.count) for part in change.parts] == [("text", 2)]
    assert comparison.same_count == 1


def test_articles_added_removed_and_moved_are_told_apart():
    assert kinds(version(ONE, TWO), version(THREE, ONE, TWO)) == [((Kind.ADDED,), 1)]
    assert kinds(version(ONE, TWO, THREE), version(ONE, THREE)) == [((Kind.REMOVED,), 2)]
    [(moved, _)] = kinds(version(ONE, TWO, THREE), version(THREE, ONE, TWO))
    assert moved == (Kind.MOVED,)


def test_an_article_renamed_and_renumbered_is_still_itself():
    renamed = ("Un autre titre", TWO[1] + " Toujours.")
    comparison = compare(version(ONE, TWO), version(renamed, ONE))
    matched = {change.before and change.before.title for change in comparison.articles}
    assert "Le passeport" in matched
    assert not [change for change in comparison.articles if change.before is None]


def test_an_article_replaced_by_another_is_removed_and_added():
    found = kinds(version(ONE, TWO), version(ONE, THREE))
    assert [kind for kind, _ in found] == [(Kind.ADDED,), (Kind.REMOVED,)]


def test_the_words_of_both_texts_can_be_read_back_from_the_difference():
    old, new = "a b c d e", "a x c e f"
    found = pieces(old, new)
    assert " ".join(p.words for p in found if p.state != "added") == old
    assert " ".join(p.words for p in found if p.state != "removed") == new


def test_what_surrounds_the_articles_is_compared_too():
    comparison = compare(version(ONE), version(ONE, preamble="Nouveau. Deux phrases."))
    assert [(part.name, part.count) for part in comparison.around] == [("preamble", 2)]


def test_two_same_texts_differ_in_nothing():
    assert compare(version(ONE, TWO), version(ONE, TWO)).is_empty


def test_who_saves_second_learns_what_the_first_wrote():
    draft = version(ONE)
    [first] = draft.ordered_articles()
    [second] = draft.ordered_articles()
    seen = first.stamp
    draft.write_article(first, by=None, seen=seen, text="Le premier.")
    with pytest.raises(EditConflict) as refused:
        draft.write_article(second, by=None, seen=seen, text="Le second.")
    assert refused.value.theirs.text == "Le premier."
    assert CharterArticle.get_by_id(first.id).text == "Le premier."


def test_saving_the_same_words_twice_is_no_conflict():
    draft = version(ONE)
    [article] = draft.ordered_articles()
    seen = article.stamp
    for _ in range(2):
        draft.write_article(article, by=None, seen=seen, text="Le même.")
    assert CharterArticle.get_by_id(article.id).text == "Le même."


def test_the_same_holds_for_the_preamble_and_for_a_removal():
    draft = version(ONE, TWO)
    seen, article = draft.stamp, draft.ordered_articles()[0]
    shown = article.stamp
    draft.describe(by=None, seen=seen, preamble="Le premier.")
    draft.write_article(article, by=None, text="Changé.")
    with pytest.raises(EditConflict):
        draft.describe(by=None, seen=seen, preamble="Le second.")
    with pytest.raises(EditConflict):
        draft.remove_article(article, by=None, seen=shown)
    assert len(draft.ordered_articles()) == 2


def test_a_text_changed_since_it_was_read_is_not_published():
    draft = version(ONE)
    seen = text_hash(draft.exact_text)
    draft.write_article(by=None, title="De plus", text="Ajouté entre-temps.")
    with pytest.raises(EditConflict):
        publication.publish(draft, by=None, seen=seen)
    assert CharterVersion.current() is None


def test_a_stale_copy_of_a_draft_publishes_what_the_database_says():
    """The hash is that of the words kept, whatever the copy in hand says."""
    draft = version(ONE)
    stale = CharterVersion.get_by_id(draft.id)
    draft.describe(by=None, title="Nouveau titre")
    stale.publish(by=None)
    held = CharterVersion.get_by_id(draft.id)
    assert held.title == "Nouveau titre"
    assert held.text_hash == text_hash(held.exact_text)


def test_a_draft_takes_a_number_that_nobody_bears():
    first = version(ONE, number="0.9")
    first.publish(by=None)
    assert [CharterVersion.draft_from(first, by=None).number for _ in range(2)] == ["0.10", "0.11"]
    long = version(ONE, number="9" * 20)
    assert len(CharterVersion.draft_from(long, by=None).number) <= 20


def test_the_shipped_text_once_published_is_not_drafted_again():
    CharterVersion.draft_of_reference(by=None).publish(by=None)
    with pytest.raises(RuleBroken, match="déjà publié"):
        CharterVersion.draft_of_reference(by=None)


def test_an_article_too_many_is_refused():
    draft = version(*[(f"Titre {n}", f"Texte {n}.") for n in range(40)])
    with pytest.raises(RuleBroken, match="40 articles"):
        draft.write_article(by=None, title="Un de plus", text="Texte.")


LONG = " ".join(["mot"] * 26) + "."


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (LONG, 1),
        (" ".join(["mot"] * 25) + ".", 0),
        ("Il faut le RGPD.", 1),
        ("Le règlement (RGPD) le dit. Le RGPD aussi.", 0),
        ("La CNIL, qui protège les données, répond.", 0),
        ("La CNIL (commission des libertés) répond.", 0),
        (LONG + " Le RGPD.", 2),
        ("", 0),
    ],
)
def test_hard_sentences_and_bare_letters_are_pointed_at(text, count):
    assert len(remarks(text)) == count


def mails(kind):
    return [mail for mail in OutgoingEmail.select() if mail.kind == kind]


def test_signing_sends_the_code_to_the_signer_once():
    membership = factories.writer()
    signature = CharterSignature.of_member(membership)
    CharterSignature.sign(signature.version, membership, Capacity.PROFESSIONAL)
    [mail] = [m for m in mails("charter_signed") if m.recipient == membership.account.identifier]
    assert mail.values["code"] == signature.code
    assert mail.values["for_organisation"] is False


def test_an_address_that_takes_no_mail_does_not_keep_one_from_signing():
    organisation = factories.signed_organisation()
    account = factories.account(identifier="sans-adresse")
    member = factories.membership(of=account, organisation=organisation)
    assert CharterSignature.sign(CharterVersion.current(), member, Capacity.PROFESSIONAL).stands


def test_publishing_writes_once_to_each_signer_whose_signature_counts():
    """REQ-69: a new version asks again; one message for whoever signed twice."""
    writer = factories.writer()
    gone = factories.writer(organisation=writer.organisation)
    gone.end(by=None)
    [manager] = managers_of(writer.organisation)
    CharterSignature.sign(CharterVersion.current(), manager, Capacity.PROFESSIONAL)
    assert impact() == Impact(organisations=1, professionals=2)
    draft = CharterVersion.draft_from(CharterVersion.current(), by=None)
    publication.publish(draft, by=None)
    told = {mail.recipient: mail.values for mail in mails("charter_published")}
    assert set(told) == {writer.account.identifier, manager.account.identifier}
    assert told[manager.account.identifier]["for_organisation"] is True
    assert told[writer.account.identifier]["until"] == draft.grace_until.isoformat()
    assert len(mails("charter_published")) == 2


def test_an_organisation_whose_signer_left_is_told_through_its_managers():
    organisation = factories.signed_organisation()
    [signer] = managers_of(organisation)
    heir = factories.membership(organisation=organisation, is_manager=True)
    signer.end(by=None)
    draft = CharterVersion.draft_from(CharterVersion.current(), by=None)
    publication.publish(draft, by=None)
    assert [mail.recipient for mail in mails("charter_published")] == [heir.account.identifier]


def test_withdrawing_takes_back_every_version_signed():
    """I3: in the days of grace, an older signature must not keep the right open."""
    writer = factories.writer()
    factories.charter()
    CharterSignature.sign(CharterVersion.current(), writer, Capacity.PROFESSIONAL)
    taken = CharterSignature.withdraw_own(writer)
    assert taken.version == CharterVersion.current()
    assert CharterSignature.of_member(writer) is None
    assert CharterSignature.withdraw_own(writer) is None


def test_a_signature_says_what_it_is_worth():
    writer = factories.writer()
    signature = CharterSignature.of_member(writer)
    assert signature.state == SignatureState.VALID
    factories.charter(grace=dt.timedelta(0))
    CharterVersion.update(grace_until=dt.date(2020, 1, 1)).execute()
    assert CharterSignature.proof(signature.code).state == SignatureState.FORMER
    signature.withdraw(by=None)
    assert signature.state == SignatureState.WITHDRAWN


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("7K3QM-9WXYZ", "7k3qm9wxyz"),
        (" 7k3qm 9wxyz ", "7k3qm9wxyz"),
        ("OIL00 11111", "0110011111"),
        ("7k3qm9wxy", None),
        ("7k3qm9wxyu", None),
        ("\x00" * 10, None),
        ("é" * 5000, None),
        ("", None),
    ],
)
def test_a_code_is_read_as_people_type_it(typed, code):
    assert typed_code(typed) == code


def test_what_stands_in_the_way_is_named():
    factories.charter()
    member = factories.membership()
    organisation = member.organisation
    assert obstacle(member, Capacity.PROFESSIONAL) == Obstacle.ORGANISATION_FIRST
    assert obstacle(member, Capacity.ORGANISATION) == Obstacle.NOT_MANAGER
    organisation.suspend("risque", by=None)
    assert obstacle(member, Capacity.PROFESSIONAL) == Obstacle.SUSPENDED
    organisation.resume(by=None)
    manager = factories.membership(organisation=organisation, is_manager=True)
    leave_network(manager)
    member = Membership.living_of_code(member.code)
    assert obstacle(member, Capacity.PROFESSIONAL) == Obstacle.LEFT
    outside = factories.membership(organisation=factories.organisation())
    assert obstacle(outside, Capacity.PROFESSIONAL) == Obstacle.NOT_ADMITTED


def test_the_register_holds_who_counts_today():
    writer = factories.writer()
    factories.writer(organisation=writer.organisation).end(by=None)
    factories.signed_organisation(category="entreprises")
    suspended = factories.signed_organisation()
    suspended.suspend("risque", by=None)
    register = {row.id: row for row in CharterSignature.register()}
    assert suspended.id not in register
    assert [a.id for a in register[writer.organisation_id].signers] == [writer.account_id]
    assert len(CharterSignature.register("entreprises")) == 1


def test_the_trail_holds_no_word_of_the_text():
    from models import AuditEntry

    draft = version(ONE)
    draft.describe(by=None, preamble="Un préambule canari.")
    assert "canari" not in json.dumps([entry.changes for entry in AuditEntry.select()])
