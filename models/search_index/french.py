"""French words as the index keeps them: folded first, then reduced to a stem.

Folding before stemming makes accents matter on neither side: `mobilite` finds `mobilité`. What the
stemmer loses without accents, or never knew of this domain, is put right before it and listed here.
"""

import functools
import re

import Stemmer

from ..text import fold_words, tidy

# Raise it with any change of this module or of the tokens: an index of another version is rebuilt.
VERSION = "3"

# Words longer than this are noise, and PostgreSQL refuses lexemes over two kilobytes.
LONGEST_WORD = 40
LONGEST_QUERY = 600
MOST_TERMS = 12

_TOKEN = re.compile(r"[^\W_]+")

STOP_WORDS = frozenset(
    """
    a afin ai ainsi alors apres as au aucun aucune aujourd auquel aussi autre autres aux avait
    avant avec avez avoir avons c ca car ce ceci cela celle celles celui ces cet cette ceux
    chaque chez ci comme comment d dans de depuis des donc dont du elle elles en encore es est
    et etait etant ete etes etre eu eux fait faire fais faut font hui il ils j je jusqu jusque l
    la laquelle le lequel les lesquelles lesquels leur leurs lors lorsqu lorsque lui m ma mais
    me meme memes mes mien moi mon n ne ni nos notre nous on ont or ou par parce pas pendant peu
    peut peux plus plusieurs pour pourquoi puis puisqu puisque qu quand que quel quelle quelles
    quelqu quelque quelques quels qui quoi s sa sans se sera serait ses si sien soi soit son
    sont sous suis sur t ta tandis te tel telle telles tels tes toi ton tous tout toute toutes
    tres tu un une va vais vers veut veux voici voila vos votre vous voudrais vu y jai jsuis
    jveux jpeux the of and to is my am an for in it do not with at be are have has can you
    """.split()  # noqa: SIM905
)

# Whole words the rules below would part from their family, or mix with another one.
EXCEPTIONS = {
    "travaux": "travail",
    "baux": "bail",
    "nouvelle": "nouveau",
    "nouvelles": "nouveau",
    "nouvel": "nouveau",
    "mars": "mars",
    "mari": "mari",
    "maris": "mari",
    "loyer": "loyer",
    "loyers": "loyer",
    "cours": "cours",
    "course": "courses",
    "courses": "courses",
    "former": "format",
    "creer": "creat",
    "cree": "creat",
    "creation": "creat",
    "creations": "creat",
    "benevolat": "benevol",
    "budgetaire": "budget",
    "budgetaires": "budget",
    "endettement": "endet",
    "endette": "endet",
    "endettee": "endet",
    "inserer": "insert",
    "ordi": "ordin",
    "ordis": "ordin",
    "ordinateur": "ordin",
    "ordinateurs": "ordin",
}
_ENDINGS = (
    (re.compile(r"(?<=eau)x$"), ""),
    (re.compile(r"(?<=\w{2})aux$"), "al"),
    (re.compile(r"(?<=\w{3})[sx]$"), ""),
    (re.compile(r"(?<=\w{3})ee$"), "e"),
    (re.compile(r"(?<=\w{3})ive$"), "if"),
    (re.compile(r"(?<=\w{3})euse$"), "eur"),
    (re.compile(r"(?<=\w{3})ere$"), "er"),
)
_stemmer = Stemmer.Stemmer("french")


@functools.lru_cache(maxsize=200_000)
def stem(word):
    """The stem of a folded word."""
    if word in EXCEPTIONS:
        return EXCEPTIONS[word]
    for ending, replacement in _ENDINGS:
        word = ending.sub(replacement, word)
    return _stemmer.stemWord(word)


@functools.lru_cache(maxsize=200_000)
def folded(token):
    """A token as words are compared; empty when nothing of it can be searched."""
    return "".join(fold_words(token))[:LONGEST_WORD]


def tokens(text):
    """The words of a text as written, in lower case; an elision counts as a word (« l », « d »)."""
    return _TOKEN.findall(tidy(text).lower())


@functools.lru_cache(maxsize=400_000)
def known(token):
    """The folded word, its stem and the token, or None for what is not worth indexing."""
    word = folded(token)
    return (word, stem(word), token) if word and word not in STOP_WORDS else None


def analyse(text):
    """What `known` says of each word of a text, in order, stop words left out."""
    return [entry for entry in map(known, tokens(text)) if entry]


def stems(text):
    """The stems to index, in order, stop words left out."""
    return [entry[1] for entry in analyse(text)]


def terms(text):
    """The distinct stems a query asks for; words that are all stop words are asked for as such."""
    words = [word for word in map(folded, tokens(text[:LONGEST_QUERY])) if word]
    kept = [word for word in words if word not in STOP_WORDS] or words
    return tuple(dict.fromkeys(map(stem, kept)))[:MOST_TERMS]
