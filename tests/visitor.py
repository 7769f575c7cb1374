"""A person in front of the service: visits pages, submits forms, and never accepts a bad page.

Each answer of HTML is parsed strictly and checked as it arrives: valid code, one h1, a title,
unique ids, named fields, forms that go somewhere and carry their token, nothing inline.
"""

from urllib.parse import urlencode, urljoin, urlsplit

import html5lib

from models import Session
from models.persons.sessions import enter as open_space
from tests.factories import ACCESS_CODE

NAMELESS = {"hidden", "submit"}


class Page:
    """An answer, as a reader meets it."""

    def __init__(self, response, address):
        self.status = response.status_code
        self.headers = response.headers
        self.address = address
        self.html = response.get_data(as_text=True)
        self.root = None
        if response.mimetype == "text/html" and self.html.startswith("<!DOCTYPE"):
            parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
            self.root = parser.parse(self.html)
            check(self)

    @property
    def title(self):
        return self.words("title")

    @property
    def text(self):
        return " ".join("".join(self.root.find("body").itertext()).split())

    def words(self, path):
        """The text of the first element of this path, spaces made single."""
        element = self.root.find(f".//{path}")
        return None if element is None else " ".join("".join(element.itertext()).split())

    def all_words(self, path):
        return [" ".join("".join(e.itertext()).split()) for e in self.root.iterfind(f".//{path}")]

    def link(self, words):
        """The address of the first link that reads or begins with these words."""
        for link in self.root.iterfind(".//a"):
            if " ".join("".join(link.itertext()).split()).startswith(words):
                return link.get("href")
        raise AssertionError(f"No link reads « {words} » on {self.address}")

    def form(self, words):
        """The form whose button reads these words."""
        for form in self.root.iterfind(".//form"):
            for button in form.iterfind(".//button"):
                if " ".join("".join(button.itertext()).split()) == words:
                    return form
        raise AssertionError(f"No button reads « {words} » on {self.address}")


def fields(form):
    """`[(name, value)]` as a browser would send them."""
    sent = []
    for field in form.iter("input"):
        is_box = field.get("type") in ("checkbox", "radio")
        if field.get("name") and (not is_box or field.get("checked") is not None):
            sent.append((field.get("name"), field.get("value", "on" if is_box else "")))
    return sent


class Visitor:
    """One browser, with its cookies."""

    def __init__(self, app):
        self.client = app.test_client()

    def enter(self, account):
        """Be signed in as this account, by a session opened straight in the database."""
        _, token = Session.open(account, by_means="test", has_second_factor=True)
        self.client.set_cookie("session_id", token)
        return self

    def enter_space(self, person):
        """Be this accompanied person, in her own space."""
        _, token = open_space(person.identifier, ACCESS_CODE)
        self.client.set_cookie("session_id", token)
        return self

    def visit(self, address, **options):
        response = self.client.get(address, **options)
        while response.status_code in (301, 302, 303):
            address = urljoin(address, response.headers["Location"])
            response = self.client.get(address)
        return Page(response, address)

    def follow(self, page, words):
        """Visit where the first link that reads or begins with these words leads."""
        return self.visit(urljoin(page.address, page.link(words)))

    def submit(self, page, button, values=None, **options):
        """Fill the form of this button with `values` and send it; follow the redirect."""
        form = page.form(button)
        changed = dict(values or {})
        sent = [pair for pair in fields(form) if pair[0] not in changed]
        sent += [
            (name, one)
            for name, value in changed.items()
            for one in (value if isinstance(value, list) else [value])
        ]
        action = urljoin(page.address, form.get("action"))
        if form.get("method", "get") == "get":
            return self.visit(f"{urlsplit(action).path}?{urlencode(sent)}", **options)
        response = self.client.post(
            action,
            data=urlencode(sent),
            content_type="application/x-www-form-urlencoded",
            **options,
        )
        if response.status_code == 303:
            return self.visit(urljoin(action, response.headers["Location"]))
        return Page(response, action)


def check(page):
    """What no page of the service may break."""
    root = page.root
    assert root.get("lang") in ("fr", "en"), "a page says its language"
    assert len(root.findall(".//h1")) == 1, f"one h1, on {page.address}"
    assert len(page.title.rpartition(" - ")[0]) > 3, "a page has a title of its own"
    assert page.title.startswith(("Erreur :", "Error:")) == (
        root.find(".//section[@class='errors stack']") is not None
    ), "a page with errors says so in its title"
    identifiers = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(identifiers) == len(set(identifiers)), f"unique ids, on {page.address}"
    _check_fields(root, identifiers)
    _check_forms(root)
    _check_nothing_inline(root)
    assert "{{ " not in page.html, "no template code"
    assert "{%" not in page.html, "no template code"


def _check_fields(root, identifiers):
    wrapped = {field for label in root.iter("label") for field in label.iter("input")}
    named = {label.get("for") for label in root.iter("label")}
    for field in [*root.iter("input"), *root.iter("select"), *root.iter("textarea")]:
        if field.get("type") in NAMELESS:
            continue
        assert field in wrapped or field.get("id") in named, f"{field.get('name')} has a label"
    for element in root.iter():
        for target in (element.get("aria-describedby") or "").split():
            assert target in identifiers, f"{target} is described on the page"
        if element.get("aria-labelledby"):
            assert element.get("aria-labelledby") in identifiers


def _check_forms(root):
    for form in root.iter("form"):
        assert form.get("action"), "a form goes somewhere without script"
        if form.get("method") == "post":
            tokens = [f for f in form.iter("input") if f.get("name") == "csrf_token"]
            assert tokens, "a form that writes carries its token"


def _check_nothing_inline(root):
    for element in root.iter():
        assert "style" not in element.attrib
        assert not [name for name in element.attrib if str(name).startswith("on")]
    assert all(script.get("src") for script in root.iter("script"))
