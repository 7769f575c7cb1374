"""One search on two engines: the same facts hold on both."""

import datetime as dt

import pytest

from models import search_index
from models.base import database
from models.search_index import Place, Query, current_index
from models.search_index.french import terms
from models.vocabularies import Status
from tests import factories

TOULOUSE = (43.6045, 1.444)
MURET = (43.4599, 1.3267)
SAINT_GAUDENS = (43.1082, 0.7234)
TODAY = dt.date(2026, 11, 21)


@pytest.fixture
def index(db):
    return current_index()


@pytest.fixture
def listed(index):
    """Creates an action and indexes it; answers its id."""

    def create(name="Action", **values):
        values.setdefault("verified_on", TODAY)
        action = factories.action(name=name, **values)
        index.put(action)
        return action.id

    return create


@pytest.fixture
def search(index):
    return lambda text="", **asked: index.query(Query(text=text, **asked))


def place(point=TOULOUSE, radius_km=20, zone_codes=()):
    return Place(*point, radius_km=radius_km, zone_codes=zone_codes)


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Aide à la mobilité", "mobilite"),
        ("Aide a la mobilite", "mobilité"),
        ("Trouver un emploi", "emplois"),
        ("Les travaux publics", "travail"),
        ("Prêt de vélos", "VELO"),
        ("L’atelier d’écriture", "ecriture"),
        ("Garde d’enfants", "garde d'enfant"),
        ("Logements sociaux", "logement social"),
        ("تعلم اللغة الفرنسية", "الفرنسية"),
    ],
)
def test_a_word_is_found_whatever_its_number_or_accents(listed, search, written, typed):
    found = listed(written)
    listed("Autre chose")
    assert search(typed).ids == [found]


def test_all_the_words_must_be_held(listed, search):
    """REQ-15"""
    both = listed("Garage solidaire", description="Réparer sa voiture")
    listed("Garage à vélos")
    assert search("garage voiture").ids == [both]


def test_a_word_of_the_title_comes_before_a_word_of_the_body(listed, search):
    in_body = listed("Accueil", description="On y parle aussi de budget.")
    in_title = listed("Atelier budget", verified_on=TODAY - dt.timedelta(days=30))
    assert search("budget").ids == [in_title, in_body]
    assert search("budget").order == "relevance"


def test_the_label_of_its_theme_finds_a_sheet(listed, search):
    found = listed("Halte", thematics=["famille--garde-denfants"])
    assert search("garde enfants").ids == [found]


def test_its_organisation_finds_a_sheet(listed, search):
    found = listed(organisation=factories.organisation(name="Les Semeurs de Garonne"))
    assert search("semeurs").ids == [found]


@pytest.mark.parametrize(
    ("facet", "field", "mine", "other"),
    [
        ("thematic", "thematics", ["sante--addictions"], ["sante--sante-mentale"]),
        ("audience", "audiences", ["jeunes"], ["seniors"]),
        ("kind", "kind", "atelier", "formation"),
        ("fees", "fees", "gratuit", "payant"),
        ("mode", "reception_modes", ["a-distance"], ["en-presentiel"]),
    ],
)
def test_a_facet_keeps_its_values_and_counts_the_others(listed, search, facet, field, mine, other):
    """REQ-15: a choice narrows the list, and the figures beside the other choices stay true."""
    kept = listed(**{field: mine})
    left = listed(**{field: other})
    one = mine if isinstance(mine, str) else mine[0]
    two = other if isinstance(other, str) else other[0]
    found = search(facets={facet: (one,)})
    assert found.ids == [kept]
    assert found.total == 1
    counts = {value: count for value, count in found.counts[facet].items() if value != "sante"}
    assert counts == {one: 1, two: 1}
    assert set(search(facets={facet: (one, two)}).ids) == {kept, left}


def test_a_whole_theme_is_a_choice_like_its_thematics(listed, search):
    one = listed(thematics=["sante--addictions"])
    two = listed(thematics=["sante--sante-mentale"])
    listed(thematics=["numerique--acquerir-un-equipement"])
    found = search(facets={"thematic": ("sante",)})
    assert set(found.ids) == {one, two}
    assert found.counts["thematic"]["sante"] == 2
    assert found.counts["thematic"]["numerique"] == 1


def test_the_form_of_an_action_is_a_choice_like_its_national_type(listed, search):
    """REQ-16, REQ-26: a demonstration is found as such, and as the workshop it is nationally."""
    shown = listed(kind="atelier", format="demonstration")
    plain = listed(kind="atelier", format="atelier")
    assert search(facets={"kind": ("demonstration",)}).ids == [shown]
    assert set(search(facets={"kind": ("atelier",)}).ids) == {shown, plain}
    assert search().counts["kind"] == {"atelier": 2, "demonstration": 1}


def test_a_value_outside_its_list_is_found_under_autre(listed, search):
    """An import keeps the values it does not know: they are shown, and found, as « autre »."""
    strange = listed(other_values={"fees": ["pourboire"]})
    listed(fees="gratuit")
    found = search(facets={"fees": ("autre",)})
    assert found.ids == [strange]
    assert found.counts["fees"] == {"autre": 1, "gratuit": 1}


def test_an_organisation_is_a_facet(listed, search):
    structure = factories.organisation()
    mine = listed(organisation=structure)
    listed()
    found = search(facets={"organisation": (str(structure.id),)})
    assert found.ids == [mine]
    assert sum(found.counts["organisation"].values()) == 2


def test_free_places_are_a_facet_and_an_unknown_figure_is_not_one(listed, search):
    """REQ-15: places."""
    free = listed(places_left=3)
    listed(places_left=0)
    listed()
    found = search(facets={"places": ("libres",)})
    assert found.ids == [free]
    assert found.counts["places"] == {"libres": 1}


def test_the_months_of_the_sessions_are_a_facet(listed, search):
    """REQ-15: dates."""
    both = listed(sessions=[{"debut": "2026-12-03T13:30"}, {"debut": "2027-01-07T09:00"}])
    january = listed(sessions=[{"debut": "2027-01-08T09:00", "fin": None}])
    found = search(facets={"month": ("2027-01",)})
    assert set(found.ids) == {both, january}
    assert found.counts["month"] == {"2026-12": 1, "2027-01": 2}
    assert search(facets={"month": ("2026-12",)}).ids == [both]


def test_choices_of_two_facets_add_up(listed, search):
    both = listed(kind="atelier", fees="gratuit")
    listed(kind="atelier", fees="payant")
    listed(kind="formation", fees="gratuit")
    found = search(facets={"kind": ("atelier",), "fees": ("gratuit",)})
    assert found.ids == [both]
    assert found.counts["kind"] == {"atelier": 1, "formation": 1}
    assert found.counts["fees"] == {"gratuit": 1, "payant": 1}


def test_an_unknown_facet_value_finds_nothing(listed, search):
    listed(kind="atelier")
    assert search(facets={"kind": ("n’importe \" ' OR quoi",)}).ids == []


def test_themes_meant_by_a_phrase_match_as_well_as_words(listed, search):
    theme = listed("Réparation", thematics=["mobilite--entretenir-reparer-son-vehicule"])
    words = listed("Ma voiture")
    listed("Cuisine")
    found = search("voiture", thematics=("mobilite--entretenir-reparer-son-vehicule",))
    assert found.ids == [words, theme]
    assert not found.relaxed


def test_the_rarer_theme_comes_first(listed, search):
    common = {listed(thematics=["sante--acces-aux-soins"]) for _ in range(6)}
    rare = listed(thematics=["sante--addictions"], verified_on=TODAY - dt.timedelta(days=90))
    found = search("zzz", thematics=("sante--acces-aux-soins", "sante--addictions"))
    assert found.ids[0] == rare
    assert set(found.ids[1:]) == common


def test_when_no_sheet_holds_all_the_words_those_holding_some_are_given(index, listed, search):
    rare = listed("Garage solidaire")
    for _ in range(3):
        listed("Atelier solidaire")
    index.rebuild()
    found = search("garage atelier couscous")
    assert found.relaxed
    assert found.ids[0] == rare
    assert found.total == 4
    assert not search("garage solidaire").relaxed


def test_a_radius_keeps_the_sheets_within_it_nearest_first(listed, search):
    """REQ-15"""
    far = listed(latitude=SAINT_GAUDENS[0], longitude=SAINT_GAUDENS[1])
    near = listed(latitude=MURET[0], longitude=MURET[1])
    here = listed(latitude=TOULOUSE[0], longitude=TOULOUSE[1])
    found = search(place=place())
    assert found.ids == [here, near]
    assert found.order == "distance"
    assert found.distances[here] == 0
    assert found.distances[near] == pytest.approx(18.7, abs=0.2)
    assert search(place=place(radius_km=100)).ids == [here, near, far]
    assert search(place=place(radius_km=5_000)).ids == [here, near, far]


def test_remote_sheets_come_after_the_near_ones_whatever_their_address(listed, search):
    nowhere = listed()
    remote = listed(reception_modes=["a-distance"], latitude=48.85, longitude=2.35)
    here = listed(latitude=TOULOUSE[0], longitude=TOULOUSE[1], reception_modes=["en-presentiel"])
    both = listed(latitude=48.85, longitude=2.35, reception_modes=["en-presentiel", "a-distance"])
    found = search(place=place())
    assert found.ids[0] == here
    assert set(found.ids[1:3]) == {remote, both}
    assert found.ids[3] == nowhere
    assert found.distances == {here: 0, remote: None, both: None, nowhere: None}


def test_words_within_a_radius_are_ordered_by_distance(listed, search):
    near = listed("Vélo", latitude=MURET[0], longitude=MURET[1])
    here = listed("Accueil", description="vélo", latitude=TOULOUSE[0], longitude=TOULOUSE[1])
    listed("Cuisine", latitude=TOULOUSE[0], longitude=TOULOUSE[1])
    assert search("vélo", place=place()).ids == [here, near]


def test_a_sheet_reserved_to_another_zone_is_left_out(listed, search):
    """REQ-15"""
    commune = listed(eligibility=["31555"])
    department = listed(eligibility=["31"])
    everywhere = listed()
    country = listed(eligibility=["france"])
    listed(eligibility=["31395", "09"])
    zone = place(zone_codes=("31555", "243100518", "31"))
    assert set(search(place=zone).ids) == {commune, department, everywhere, country}
    assert search(place=place()).total == 5


def test_sheets_not_verified_since_a_day_are_left_out(listed, search):
    """REQ-20"""
    fresh = listed("Vélo")
    old = listed("Vélo", verified_on=dt.date(2024, 1, 1))
    assert search("vélo", since=dt.date(2024, 11, 21)).ids == [fresh]
    assert search(since=dt.date(2024, 1, 1)).ids == [fresh, old]


def test_the_producer_s_date_counts_when_nobody_verified_here(listed, search):
    listed(verified_on=None, updated_on=dt.date(2020, 1, 1))
    assert search(since=dt.date(2024, 1, 1)).ids == []


def test_without_a_question_the_most_recent_come_first(listed, search):
    days = [TODAY - dt.timedelta(days=days) for days in (5, 1, 3)]
    a, b, c = [listed(verified_on=day) for day in days]
    found = search()
    assert found.ids == [b, c, a]
    assert found.order == "recent"
    assert (found.total, found.capped, found.next) == (3, False, None)


@pytest.fixture
def small_cap(monkeypatch):
    monkeypatch.setattr(search_index, "CAP", 10)


def test_a_total_stops_at_the_cap_and_the_most_recent_come_first(small_cap, listed, search):
    ids = [listed("Vélo", verified_on=TODAY - dt.timedelta(days=n)) for n in range(15)]
    found = search("vélo", limit=4)
    assert (found.total, found.capped, found.order) == (10, True, "recent")
    assert found.ids == ids[:4]
    assert found.counts["organisation"].total() == 10


def pages(search, *args, **asked):
    """Every id shown from page to page."""
    shown, after = [], None
    for _ in range(30):
        found = search(*args, **asked, after=after)
        shown += found.ids
        after = found.next
        if after is None:
            return shown
    raise AssertionError("the pages never end")


def test_pages_by_date_go_past_the_cap_and_show_each_sheet_once(small_cap, listed, search):
    ids = [listed("Vélo", verified_on=TODAY - dt.timedelta(days=n // 3)) for n in range(15)]
    shown = pages(search, "vélo", limit=4)
    assert len(shown) == 15
    assert set(shown) == set(ids)
    assert pages(search, limit=4) == shown


@pytest.mark.parametrize("asked", [{"text": "vélo"}, {"place": place()}])
def test_pages_by_relevance_or_distance_show_each_sheet_once(listed, search, asked):
    ids = [
        listed("Vélo " * (n % 3), description="vélo", latitude=43.6 + n / 1000, longitude=1.44)
        for n in range(11)
    ]
    shown = pages(search, **asked, limit=4)
    assert len(shown) == 11
    assert set(shown) == set(ids)


def test_an_unknown_last_sheet_gives_the_first_page(listed, search):
    found = listed("Vélo")
    assert search("vélo", after=999_999).ids == [found]
    assert search(after=999_999).ids == [found]


def test_the_nearest_sheets_are_kept_when_there_are_too_many(small_cap, listed, search):
    old = TODAY - dt.timedelta(days=300)
    here = listed(latitude=TOULOUSE[0], longitude=TOULOUSE[1], verified_on=old)
    for _ in range(15):
        listed(latitude=MURET[0], longitude=MURET[1])
    found = search(place=place())
    assert found.capped
    assert found.ids[0] == here


def test_sheets_holding_the_words_are_kept_when_their_theme_has_too_many(small_cap, listed, search):
    words = listed("Trottinette", verified_on=TODAY - dt.timedelta(days=300))
    for _ in range(15):
        listed(thematics=["mobilite--acceder-a-un-vehicule"])
    found = search("trottinette", thematics=("mobilite--acceder-a-un-vehicule",))
    assert found.ids[0] == words
    assert found.capped


def test_a_changed_sheet_is_found_by_its_new_words_only(index, search):
    action = factories.action(name="Couture")
    index.put(action)
    action.name, action.kind = "Menuiserie", "atelier"
    action.verified_on = TODAY - dt.timedelta(days=3)
    action.save()
    index.put(action)
    assert search("couture").ids == []
    assert search("menuiserie").ids == [action.id]
    assert search(facets={"kind": ("atelier",)}).ids == [action.id]


@pytest.mark.parametrize("unlisted", [{"status": Status.DRAFT}, {"is_model": True}])
def test_a_sheet_no_longer_listed_leaves_the_index(index, search, unlisted):
    action = factories.action(name="Couture")
    index.put(action)
    for name, value in unlisted.items():
        setattr(action, name, value)
    index.put(action)
    assert search("couture").ids == []
    assert search().total == 0


def test_a_removed_sheet_is_not_found_and_removing_it_again_does_nothing(index, listed, search):
    found = listed("Couture")
    index.remove(found)
    index.remove(found)
    assert search("couture").ids == []


def test_a_need_that_a_sheet_says_it_answers_counts_as_a_theme(listed, search):
    """REQ-31: what a sheet declares is found beside what its theme says, and nothing else is."""
    declared = listed(needs=["domiciliation", "Ça n’est pas une clé"])
    themed = listed(thematics=["mobilite--preparer-un-permis"])
    listed(needs=["mobilite-cout"])
    asked = {"thematics": ("mobilite--preparer-un-permis",), "needs": ("domiciliation",)}
    assert set(search(**asked).ids) == {declared, themed}
    assert search(needs=("autre clé inconnue",)).ids == []


def test_a_rebuild_answers_as_the_sheets_put_one_by_one(index, listed, search):
    for n in range(7):
        listed(f"Vélo {n}", kind="atelier", latitude=43.6 + n / 100, longitude=1.44)
    factories.action(name="Vélo en brouillon", status=Status.DRAFT)
    asked = {"text": "vélo", "facets": {"kind": ("atelier",)}, "place": place()}
    before = search(**asked)
    index.rebuild()
    assert search(**asked) == before
    index.rebuild()
    assert search(**asked) == before
    assert before.total == 7


def test_the_index_knows_whether_its_analysis_is_the_current_one(index, monkeypatch):
    index.rebuild()
    assert index.is_current()
    monkeypatch.setattr("models.search_index.french.VERSION", "another")
    assert not index.is_current()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("mobilté", "mobilité"),
        ("logemnet pour jeunes", "logement pour jeunes"),
        ("garge", "garage"),
        ("informattique", "informatique"),
    ],
)
def test_a_mistyped_word_is_put_right_with_a_real_word(listed, index, typed, meant):
    """REQ-15"""
    listed("Mobilité des jeunes", description="Logement, garage et informatique pour jeunes")
    index.rebuild()
    assert index.suggest(typed) == meant


def test_the_commoner_of_two_close_words_is_meant(listed, index):
    listed("Garde")
    for _ in range(3):
        listed("Carte")
    index.rebuild()
    assert index.suggest("carde") == "carte"


@pytest.mark.parametrize(
    "typed", ["mobilités", "", "?!", "le", "xyzxyzxyz", "31000", "Les Mobilité"]
)
def test_known_or_hopeless_words_are_left_alone(listed, index, typed):
    listed("Mobilité")
    assert index.suggest(typed) is None


HOSTILE = [
    '"', "'", "''", "a' OR 1=1 --", "; DROP TABLE action_key", 'title: "x', "vélo OR", "NEAR(a b)",
    "vélo*", "-vélo", "vélo & !vélo", "(((", ")", "\\", "\\'", "\x00", "vélo\x00", "%s %d %", "?",
    "🚲", "🚲 vélo", "é" * 10_000, "vélo " * 2_000, "a" * 10_000, "_fgratuit", "_u", "²½",
    "le la les", "de", "\ud800", "\u202e", "İ", "ﬁ", "เด็ก", "जन", "漢字", "<b>vélo</b>",
    ":*", "|&!",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_is_only_words(listed, index, search, text):
    listed("Vélo", fees="gratuit")
    index.suggest(text)
    found = search(text)
    # What holds no word asks nothing; what holds « vélo » may find it, if only by some words.
    expected = 1 if "vélo" in text or not terms(text) else 0
    assert found.total == expected


def test_hundreds_of_words_are_cut_to_the_first_ones(listed, search):
    words = [f"mot{n}" for n in range(300)]
    found = listed("Action", description=" ".join(words))
    assert search(" ".join(words)).ids == [found]


def test_only_stop_words_are_looked_for_as_words(listed, search):
    listed("Vélo", description="avec nous")
    assert search("avec").total == 0


def test_themes_are_counted_up_to_the_cap(small_cap, listed, index):
    action = listed(thematics=["sante--addictions", "sante--sante-mentale"])
    for _ in range(12):
        listed(thematics=["famille--garde-denfants"])
    asked = ("sante", "famille", "numerique")
    assert index.theme_counts(asked) == {"sante": 1, "famille": 10, "numerique": 0}
    index.remove(action)
    assert index.theme_counts(asked)["sante"] == 0


def test_a_query_reads_the_database_a_fixed_number_of_times(listed, index, monkeypatch):
    """How rare the words are, PostgreSQL's windows, the sheets, the lifted facet, the scores."""
    for n in range(20):
        listed(f"Vélo {n}", kind="atelier")
    statements = []
    execute = database.obj.execute_sql
    monkeypatch.setattr(
        database.obj, "execute_sql", lambda *args: statements.append(args) or execute(*args)
    )
    index.query(Query(text="vélo", facets={"kind": ("atelier",)}))
    assert len(statements) <= 5
