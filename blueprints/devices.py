"""A browser in two words, for its owner to recognise it: never what it says of itself."""

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrom", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
    ("Lynx", "Lynx"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_of(request):
    """What a session remembers of this request: `browser` and `system`, or nothing."""
    said = request.headers.get("User-Agent", "")
    return {"browser": _first(BROWSERS, said), "system": _first(SYSTEMS, said)}


def _first(names, said):
    return next((name for mark, name in names if mark in said), "")
