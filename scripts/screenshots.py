"""Take the pictures of the README: the main pages, wide and narrow, on the demonstration world."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))

from tests.browser.chromium import Window, chromium
from tests.browser.pages import path_of
from tests.browser.server import ROOT, load_demonstration, serve
from tests.engines import engine_address

PICTURES = ROOT / "docs" / "pictures"
TAKEN = {
    "accueil": "accueil",
    "actions": "actions trouvées",
    "action": "fiche d’une action",
    "partenaires": "partenaires",
    "charte": "charte",
    "rejoindre": "rejoindre",
    "connexion": "connexion",
}
# What a desk screen and the narrowest telephone show before any scroll: small files.
SIZES = {1280: 900, 320: 640}


def take(browser, server, width):
    window = Window(browser, server.address, width=width)
    window.page.set_viewport_size({"width": width, "height": SIZES[width]})
    for name, page in TAKEN.items():
        window.visit(path_of(server, page))
        picture = PICTURES / f"{name}-{width}.png"
        window.page.screenshot(path=picture, animations="disabled")
        print(picture.relative_to(ROOT))
    window.close()


PICTURES.mkdir(parents=True, exist_ok=True)
with engine_address("sqlite") as address:
    load_demonstration(address)
    with serve(address) as running, chromium() as started:
        for width in SIZES:
            take(started, running, width)
