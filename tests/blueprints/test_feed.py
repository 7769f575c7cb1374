"""The feed of published sheets: national, paged, cheap to ask again, constant in memory."""

import datetime as dt
import json
import tracemalloc
from urllib.parse import urlsplit

import pytest
import time_machine
from data_inclusion.schema import v1

from blueprints.exchange import feed as pages
from models import Action, AuditEntry
from models.action_bank import versions
from models.exchange import feed
from models.exchange.feed import Selection
from models.vocabularies import Status
from tests import factories

FEED = "/flux/data-inclusion/v1"
# A day that is past on every clock, the one that the national schema reads included.
LONG_AGO = dt.date(2026, 1, 5)


def published(count, **values):
    where = values.pop("organisation", None) or factories.organisation(name="Le Relais")
    return [factories.action(organisation=where, **values) for _ in range(count)]


def items(answer):
    return answer.get_json()["items"]


def every_page(client, name, size, between=lambda: None):
    """Every record, page after page, with what happens between two pages."""
    address, found = f"{FEED}/{name}?taille={size}", []
    while address:
        answer = client.get(address)
        assert answer.status_code == 200
        body = answer.get_json()
        assert len(body["items"]) <= size
        if body["next"]:
            assert answer.headers["Link"] == f'<{body["next"]}>; rel="next"'
            split = urlsplit(body["next"])
            address = f"{split.path}?{split.query}"
        else:
            assert "Link" not in answer.headers
            address = None
        found += body["items"]
        between()
    return found


def whole(client, query=""):
    answer = client.get(f"{FEED}/complet.json{query}")
    assert answer.status_code == 200
    return json.loads(answer.data)


def test_records_are_national_and_nothing_else(visitor):
    """Each record is one of the national schema, extra keys forbidden; `portail` stays here."""
    [sheet] = published(
        1, thematics=["numerique--acceder-a-une-connexion-internet"], phone="+33561000000",
        audiences=["jeunes"], other_values={"kind": ["troc"]}, summary="Résumé", fees="gratuit",
        mobilisation_url="https://relais.example.org/", updated_on=LONG_AGO,
        organisation=factories.organisation(name="Le Relais", updated_on=LONG_AGO),
    )  # fmt: skip
    [service] = items(visitor.client.get(f"{FEED}/services"))
    [structure] = items(visitor.client.get(f"{FEED}/structures"))
    assert set(service) <= set(v1.Service.model_fields)
    assert set(structure) <= set(v1.Structure.model_fields)
    assert v1.Service.model_validate(service).id == sheet.source_id
    assert v1.Structure.model_validate(structure).id == service["structure_id"]
    assert whole(visitor.client) == {"structures": [structure], "services": [service]}


def test_only_published_and_real_sheets_leave(visitor, app, monkeypatch):
    where = factories.organisation()
    invented = factories.organisation(is_demonstration=True)
    [kept] = published(1, organisation=where)
    for status in (Status.DRAFT, Status.IN_REVIEW, Status.ARCHIVED):
        published(1, organisation=where, status=status)
    published(1, organisation=where, is_model=True)
    published(1, organisation=where, is_demonstration=True)
    published(1, organisation=invented)
    for query in ("", "?demonstration=1"):
        assert [one["id"] for one in items(visitor.client.get(f"{FEED}/services{query}"))] == [
            kept.source_id
        ]
    monkeypatch.setitem(app.config, "DEMONSTRATION", True)
    assert len(items(visitor.client.get(f"{FEED}/services"))) == 1
    assert len(items(visitor.client.get(f"{FEED}/services?demonstration=1"))) == 3
    assert len(whole(visitor.client, "?demonstration=1")["structures"]) == 2


def test_what_the_schema_refuses_is_left_out_and_its_services_with_it(visitor):
    published(1)
    published(1, description="x")
    published(2, organisation=factories.organisation(name="X", siret="pas un siret"))
    assert len(items(visitor.client.get(f"{FEED}/services"))) == 1
    assert len(items(visitor.client.get(f"{FEED}/structures"))) == 2
    document = whole(visitor.client)
    assert (len(document["structures"]), len(document["services"])) == (2, 1)


def test_the_sheets_of_one_producer_may_be_asked_alone(visitor):
    published(1, source="dora")
    published(2, source="portail-spie-31")
    assert len(items(visitor.client.get(f"{FEED}/services?source=portail-spie-31"))) == 2
    assert len(every_page(visitor.client, "services?source=dora&", 1)) == 1
    assert len(whole(visitor.client, "?source=dora")["structures"]) == 1


def test_pages_cover_everything_once_while_sheets_are_added(visitor):
    where = factories.organisation()
    there = {sheet.source_id for sheet in published(23, organisation=where)}
    found = every_page(
        visitor.client, "services", 4, between=lambda: published(1, organisation=where)
    )
    ids = [one["id"] for one in found]
    assert len(ids) == len(set(ids))
    assert there <= set(ids)
    assert len(every_page(visitor.client, "structures", 1)) == 1


@pytest.mark.parametrize("query", ["taille=0", "taille=-1", "taille=é", "taille=1e9", "apres=x",
                                   "apres=%00", "apres=0123456ILO", "taille="])  # fmt: skip
def test_a_page_that_does_not_exist_is_refused(visitor, query):
    assert visitor.client.get(f"{FEED}/services?{query}").status_code == 400


def test_a_page_never_holds_more_than_a_thousand(visitor, monkeypatch):
    monkeypatch.setattr(feed, "MOST_PER_PAGE", 3)
    published(5)
    assert len(items(visitor.client.get(f"{FEED}/services?taille=9999"))) == 3


@pytest.mark.parametrize("address", ["services", "structures", "complet.json"])
def test_an_unchanged_feed_answers_304_without_reading_a_record(visitor, address, monkeypatch):
    """The tag comes from the traces alone, not from the body."""
    [sheet] = published(1)
    account = factories.account()
    versions.write(sheet, {"name": "Un autre nom"}, by=account, seen=0)
    first = visitor.client.get(f"{FEED}/{address}")
    assert "public" in first.headers["Cache-Control"]
    held = {"If-None-Match": first.headers["ETag"]}
    first.close()
    with monkeypatch.context() as blind:
        for name in ("page", "whole"):
            blind.setattr(feed, name, lambda *_: pytest.fail("read again"))
        again = visitor.client.get(f"{FEED}/{address}", headers=held)
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    versions.write(Action.get_by_id(sheet.id), {"name": "Encore un"}, by=account, seen=1)
    changed = visitor.client.get(f"{FEED}/{address}", headers=held)
    assert changed.status_code == 200
    changed.close()


def test_the_tag_changes_with_every_act_even_one_that_comes_late(db):
    """Two acts may be committed in the other order of their numbers."""
    [sheet] = published(1)
    assert feed.state().moment is None
    versions.write(sheet, {"name": "Un"}, by=None, seen=0)
    seen = feed.state().tag
    top = AuditEntry.select().order_by(AuditEntry.id.desc()).first().id
    AuditEntry.insert(
        id=top + 7, code="abcdefghjk", act="action:write", subject_type="action", subject_id=1
    ).execute()
    late = feed.state().tag
    AuditEntry.insert(
        id=top + 3, code="abcdefghjm", act="action:write", subject_type="action", subject_id=1
    ).execute()
    assert len({seen, late, feed.state().tag}) == 3


def test_the_day_of_the_last_act_is_told_once_its_second_is_over(visitor):
    [sheet] = published(1)
    versions.write(sheet, {"name": "Un autre nom"}, by=None, seen=0)
    assert "Last-Modified" not in visitor.client.get(f"{FEED}/services").headers
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)):
        first = visitor.client.get(f"{FEED}/services")
        held = {"If-Modified-Since": first.headers["Last-Modified"]}
        assert visitor.client.get(f"{FEED}/services", headers=held).status_code == 304


def test_the_whole_document_is_read_by_one_at_a_time(visitor):
    """A slow reader holds one thread of a process, never all of them."""
    published(3)
    first = visitor.client.get(f"{FEED}/complet.json")
    refused = visitor.client.get(f"{FEED}/complet.json")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "30")
    assert visitor.client.head(f"{FEED}/complet.json").status_code == 200
    assert len(json.loads(first.data)["services"]) == 3
    first.close()
    abandoned = visitor.client.get(f"{FEED}/complet.json")
    abandoned.close()
    assert len(whole(visitor.client)["services"]) == 3
    assert pages._one_reader.acquire(blocking=False)
    pages._one_reader.release()


def test_an_empty_bank_is_a_valid_document(visitor):
    assert whole(visitor.client) == {"structures": [], "services": []}
    assert items(visitor.client.get(f"{FEED}/services")) == []


def test_the_whole_document_never_stands_in_memory(db, monkeypatch):
    """The peak does not grow with the bank: one batch at a time."""
    monkeypatch.setattr(feed, "BATCH", 10)

    def peak():
        tracemalloc.start()
        for _ in feed.whole(Selection()):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    text = "Une description assez longue. " * 100
    where = factories.organisation()
    published(30, organisation=where, description=text)
    peak()
    few = peak()
    published(300, organisation=where, description=text)
    assert peak() < few + 150_000


def test_answers_are_compressed_whole_or_streamed(visitor):
    published(5, description="Une description assez longue. " * 30)
    for address in ("services", "complet.json"):
        answer = visitor.client.get(f"{FEED}/{address}", headers={"Accept-Encoding": "br"})
        assert answer.headers["Content-Encoding"] == "br"
        answer.close()
