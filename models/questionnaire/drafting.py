"""Preparing the next version of a template: its parts one by one, by several hands.

Words that were not read are never written over (`EditConflict`); what is published never changes.
"""

import re

from .. import audit
from ..base import N_, RuleBroken, today, transaction
from ..editing import EditConflict
from .content import conditions_of
from .parts import CHOICE, HEAD, HOLDS, NEED, QUESTION, SECTION, fill, new_key, parts, tidy
from .proposals import QuestionProposal
from .shape import Kind
from .versions import TemplateVersion, canonical, hash_of

LONGEST_NUMBER = 20
# Questions whose choices are written one by one.
OPEN_LISTS = (Kind.SINGLE, Kind.MULTIPLE)
MOST_CONDITIONS = 5
_YES_NO = [
    {"value": "oui", "label": "Oui", "label_en": "Yes", "label_ar": "نعم"},
    {"value": "non", "label": "Non", "label_en": "No", "label_ar": "لا"},
]


_SCALE = (
    {"label": "Pas du tout", "label_en": "Not at all"},
    {"label": "Plutôt non", "label_en": "Not really"},
    {"label": "Plutôt oui", "label_en": "Mostly"},
    {"label": "Tout à fait", "label_en": "Completely"},
)


@transaction
def start_from(source, *, by):
    """A draft that copies a published version, numbered after it."""
    taken = {row.number for row in TemplateVersion.select(TemplateVersion.number).where(
        TemplateVersion.key == source.key
    )}  # fmt: skip
    number = _next_number(source.number, taken)
    version = TemplateVersion.draft(source.key, number, source.data, by=by)
    _take_up(version, by)
    return version


@transaction
def answer(proposal, outcome, *, by):
    """Answer what was asked of a question; the drafts of its template keep who asked, and why.

    Raises `RuleBroken` when it was answered already."""
    proposal.decide(outcome, by=by)
    for version in TemplateVersion.drafts():
        if version.key == proposal.template:
            _take_up(version, by)


def _take_up(version, by):
    """Write the adopted proposals in the history of their questions, each once (REQ-39)."""
    version.hold()
    data, adopted = version.data, QuestionProposal.adopted(version.key)
    kept = [
        _note_request(part, proposal.as_request)
        for part in parts(data).values()
        if part.kind == QUESTION
        for proposal in adopted.get(part.record["key"], ())
    ]
    if any(kept):
        _keep(version, data, "template:write", by)


def _note_request(part, asked):
    """Whether it was not there already."""
    if asked in part.record.get("demandes", ()):
        return False
    part.record.setdefault("demandes", []).append(asked)
    return True


def _next_number(number, taken):
    """« 0.2 » gives « 0.3 », « finale » gives « finale.1 »."""
    stem, last = re.fullmatch(r"(.*?)(\d*)", number).groups()
    stem, last = (stem, int(last)) if last else (f"{stem}.", 0)
    return next(one for n in range(1, 1000) if (one := f"{stem}{last + n}") not in taken)


@transaction
def renumber(version, number, *, by):
    """Give a draft another number; the questions born in it follow."""
    version.hold()
    same = TemplateVersion.select().where(
        TemplateVersion.key == version.key, TemplateVersion.number == number,
        TemplateVersion.id != version.id,
    )  # fmt: skip
    if same.exists():
        raise RuleBroken(N_("ce numéro de version existe déjà."))
    data, former = version.data, version.number
    for part in parts(data).values():
        if part.kind == QUESTION and part.record["depuis"] == former:
            part.record["depuis"] = number
    version.number = number
    _keep(version, data, "template:write", by)


@transaction
def write(version, address, values, *, seen, by):
    """Write the fields of one part; raises `EditConflict` when it no longer says what was seen."""
    version.hold()
    data = version.data
    part = _part(data, address)
    wanted = dict(part.record)
    fill(wanted, values)
    if wanted == part.record:
        return
    if part.stamp != seen:
        raise EditConflict(part)
    fill(part.record, values)
    _keep(version, data, "template:write", by, part=address)


@transaction
def add(version, parent, kind, values, *, by):
    """Add a part at the end of another one, or a need to the list; answers its address."""
    version.hold()
    data = version.data
    rows, record = _rows_of(data, parent, kind), _new(kind, values, version.number)
    label = values.get("label") or values["titre"]
    if kind == CHOICE:
        record["value"] = new_key(label, {str(one["value"]) for one in rows})
    else:
        record["key"] = new_key(label, _taken(version, data, kind))
    rows.append(record)
    address = next(one for one, part in parts(data).items() if part.record is record)
    _keep(version, data, "template:add", by, part=address)
    return address


def _rows_of(data, parent, kind):
    """Where a new part of this kind goes."""
    if kind == NEED:
        return data["besoins"]
    holder = _part(data, parent)
    held, field = HOLDS.get(holder.kind, (None, None))
    if held != kind or field not in holder.record:
        raise RuleBroken(N_("Cette partie n’a rien à recevoir."))
    if kind == CHOICE and holder.record["type"] not in OPEN_LISTS:
        raise RuleBroken(N_("Les choix de cette question ne changent pas de nombre."))
    return holder.record[field]


def _taken(version, data, kind):
    """Keys that a new part may not bear: an answer to a former question is not an answer to it."""
    former = TemplateVersion.select().where(TemplateVersion.key == version.key)
    everywhere = (data, *(one.data for one in former))
    return {
        part.record["key"]
        for one in everywhere
        for part in parts(one).values()
        if part.kind == kind
    }


def _new(kind, values, number):
    """The record of a part that does not exist yet; a question brings what its type needs."""
    record = {
        SECTION: {"titre": "", "intro": "", "domaines": [], "questions": []},
        QUESTION: {
            "type": "single", "label": "", "aide": "", "sensibilite": 1, "domaine": None,
            "facultatif": True, "depuis": number, "origine": "",
        },
        NEED: {"thematiques": [], "reponse": "banque"},
        CHOICE: {},
    }[kind]  # fmt: skip
    fill(record, values)
    return record | _born_with(record) if kind == QUESTION else record


def _born_with(question):
    if "choices_ref" in question:
        return {}
    kind = question["type"]
    if kind == Kind.YES_NO:
        return {"choices": [dict(one) for one in _YES_NO]}
    if kind == Kind.SCALE:
        return {"choices": [{"value": n, **words} for n, words in enumerate(_SCALE, 1)]}
    if kind == Kind.NUMBER:
        return {"contrainte": {"min": 0, "max": 100, "pas": 1}}
    if kind == Kind.DATE:
        return {"contrainte": {"min": "aujourdhui", "max": "aujourdhui+180j"}}
    return {"choices": []}


@transaction
def move(version, address, place, *, by, section=None):
    """Put a part at `place` (from one) among those beside it; `section` is the key of the one that
    a question goes to. The same act twice moves once."""
    version.hold()
    data = version.data
    part = _part(data, address)
    rows = part.rows
    if section and part.kind == QUESTION:
        rows = _part(data, f"{SECTION}.{section}").record["questions"]
    part.rows.remove(part.record)
    rows.insert(min(max(place, 1), len(rows) + 1) - 1, part.record)
    _keep(version, data, "template:move", by, part=address)


@transaction
def remove(version, address, *, seen, by):
    """Take a part out. Raises `RuleBroken` while something else hangs on it, `EditConflict` when
    it no longer says what was seen."""
    version.hold()
    data = version.data
    part = parts(data).get(address)
    if part is None:
        return
    if part.stamp != seen:
        raise EditConflict(part)
    if sentence := _needed(data, part):
        raise RuleBroken(sentence)
    part.rows.remove(part.record)
    _keep(version, data, "template:remove", by, part=address)


def _needed(data, part):
    """Why a part cannot be taken out yet, or None."""
    record, others = part.record, parts(data).values()
    if part.kind == HEAD:
        return N_("Cette partie reste.")
    if part.kind == SECTION and record["questions"]:
        return N_("Retirez d’abord ses questions, ou changez-les de partie.")
    if part.kind == NEED and any(record["key"] in one.record.get("besoins", ()) for one in others):
        return N_("Un choix lève ce besoin : retirez-le d’abord de ce choix.")
    cited = [one for other in others for one in conditions_of(other.record)]
    if part.kind == QUESTION and any(one["question"] == record["key"] for one in cited):
        return N_("Une condition cite cette question : retirez d’abord la condition.")
    if part.kind == CHOICE and any(_cites(one, part) for one in cited):
        return N_("Une condition cite ce choix : retirez d’abord la condition.")
    return None


def _cites(condition, choice):
    is_same = f"{QUESTION}.{condition['question']}" == choice.parent
    return is_same and condition["op"] == "in" and choice.record["value"] in condition["value"]


@transaction
def ask_if(version, address, mode, conditions, *, seen, by):
    """Say when a question is asked: `mode` is any or all, `conditions` the whole list, empty for
    « always ». Raises `RuleBroken` for an answer that the cited question does not have."""
    version.hold()
    data = version.data
    part = _part(data, address)
    for condition in conditions:
        _check(data, part, condition)
    if len(conditions) > MOST_CONDITIONS:
        raise RuleBroken(N_("Une question a 5 conditions au plus."))
    wanted = {mode: conditions} if conditions else None
    if part.record.get("visible_if") == wanted:
        return
    if part.stamp != seen:
        raise EditConflict(part)
    fill(part.record, {"visible_if": wanted})
    _keep(version, data, "template:write", by, part=address)


def _check(data, part, condition):
    cited = before(data, part).get(condition["question"])
    if cited is None:
        raise RuleBroken(N_("choisissez une question posée avant."))
    known = [one["value"] for one in cited.get("choices", ())]
    wanted = condition["value"] if condition["op"] == "in" else [condition["value"]]
    if not wanted or not set(wanted) <= set(known):
        raise RuleBroken(N_("choisissez une réponse au moins."))


def before(data, part):
    """`{key: record}` of the questions asked before this one whose answers are a written list:
    those that a condition may cite."""
    found = {}
    for other in parts(data).values():
        if other.address == part.address:
            break
        if other.kind == QUESTION and other.record.get("choices"):
            found[other.record["key"]] = other.record
    return found


@transaction
def ask_for(version, address, role, reason, *, by):
    """Write who (a role) asks for a question, and why; said once a day is said once."""
    version.hold()
    data = version.data
    part = _part(data, address)
    asked = {"role": role.value, "raison": reason.value, "date": today().isoformat()}
    if part.kind == QUESTION and _note_request(part, asked):
        _keep(version, data, "template:write", by, part=address)


@transaction
def discard(version, *, by):
    """Throw a draft away."""
    version.hold()
    audit.record("template:discard", version, by=by, template=version.key, number=version.number)
    version.delete_instance()


def _part(data, address):
    part = parts(data).get(address)
    if part is None:
        raise RuleBroken(N_("Cette partie n’existe plus : quelqu’un l’a retirée."))
    return part


def _keep(version, data, act, by, **about):
    version.content = canonical(tidy(data))
    version.content_hash = hash_of(version.content)
    version.save(only=version.dirty_fields)
    audit.record(act, version, by=by, template=version.key, number=version.number, **about)
