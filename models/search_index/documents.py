"""From an action to what the index keeps of it."""

from dataclasses import dataclass

from ..action_bank.sheets import Action
from ..network.organisations import Organisation
from ..vocabularies import FORMATS, SERVICE_TYPES, THEMATICS
from . import tokens
from .french import analyse

DAY_SHIFT = 32
CHUNK = 5_000
_TEXTS = ("summary", "description", "access_conditions", "audiences_detail", "commune")
_COLUMNS = (
    "id", "name", *_TEXTS, "kind", "format", "fees", "thematics", "audiences", "reception_modes",
    "eligibility", "needs", "latitude", "longitude", "organisation", "updated_on", "verified_on",
    "other_values", "places_left", "sessions",
)  # fmt: skip


@dataclass(frozen=True)
class Document:
    """An action as indexed: `facets` are counted, `tokens` are every token that filters.

    `words` maps the folded words to the way they are written.
    """

    docid: int
    action_id: int
    title: list[str]
    body: list[str]
    facets: str
    tokens: str
    latitude: float | None
    longitude: float | None
    words: dict[str, str]


def first_docid(day):
    """The lowest document number of a day; the number of a sheet is that plus its id."""
    return day.toordinal() << DAY_SHIFT


def action_id(docid):
    return docid & ((1 << DAY_SHIFT) - 1)


def document(action):
    """The document of an action in hand."""
    return _document(_Row(action), action.organisation.name)


def listed_documents():
    """Every document of the bank, read in chunks so that memory stays flat."""
    fields = [getattr(Action, name) for name in _COLUMNS]
    listed = (
        Action.select(*fields, Organisation.name.alias("organisation_name"))
        .join(Organisation)
        .where(Action.is_listed())
        .order_by(Action.id)
        .limit(CHUNK)
    )
    last = 0
    while rows := list(listed.where(Action.id > last).namedtuples()):
        yield from (_document(_Row(row), row.organisation_name) for row in rows)
        last = rows[-1].id


class _Row:
    """The columns read here, whether they come from an instance or from a row of a query."""

    __slots__ = (*(name for name in _COLUMNS if name != "organisation"), "organisation_id")

    def __init__(self, source):
        for name in self.__slots__[:-1]:
            setattr(self, name, getattr(source, name))
        from_instance = isinstance(source, Action)
        self.organisation_id = source.organisation_id if from_instance else source.organisation


def _document(row, organisation_name):
    point = tokens.point_of(row)
    facets = tokens.countable_tokens(row)
    title = analyse(row.name)
    body = analyse("\n".join(_body_texts(row, organisation_name)))
    return Document(
        docid=first_docid(row.verified_on or row.updated_on) + row.id,
        action_id=row.id,
        title=[stem for _, stem, _ in title],
        body=[stem for _, stem, _ in body],
        facets=" ".join(facets),
        tokens=" ".join([*facets, *tokens.silent_tokens(row, point)]),
        latitude=point and point[0],
        longitude=point and point[1],
        words={word: written for word, _, written in (*body, *title)},
    )


def _body_texts(row, organisation_name):
    """What a sheet says, and the labels under which the national lists file it."""
    labels = [THEMATICS.get(value) for value in row.thematics]
    labels += [SERVICE_TYPES.get(row.kind), FORMATS.get(row.format), organisation_name]
    return [text for text in (*(getattr(row, name) for name in _TEXTS), *labels) if text]
