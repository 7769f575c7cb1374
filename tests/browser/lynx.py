"""A text browser driven by its keys, as somebody on an old telephone or a braille line does."""

import pathlib
import re
import shutil
import subprocess
import tempfile

SECONDS = 60
ENTER, RIGHT = "^J", "Right Arrow"
_ESCAPES = re.compile(r"\x1b[\[(][0-9;?]*[A-Za-z]?")


class LynxMissing(RuntimeError):
    """No text browser here; the message names the command that installs one."""


def find():
    """The program; raises `LynxMissing`."""
    program = shutil.which("lynx")
    if program is None:
        raise LynxMissing("lynx est introuvable : apt-get install -y lynx")
    return program


def looking_for(words):
    """The keys that lead to these words of the page."""
    return ["/", *words, ENTER]


def press(address, keys):
    """Open the address, press these keys, leave; answers all that the screen showed."""
    with tempfile.TemporaryDirectory() as home:
        pressed = pathlib.Path(home, "keys")
        pressed.write_text("".join(f"key {key}\n" for key in [*keys, "q", "y"]))
        # As tall as any page of ours: what it shows is then all of it.
        command = (
            "stty rows 200 cols 100; "
            f"{find()} -accept_all_cookies -nopause -cmd_script={pressed} '{address}'"
        )
        shown = subprocess.run(
            # A terminal of its own: lynx draws nothing without one.
            ["script", "-qec", command, "/dev/null"],
            check=True, capture_output=True, timeout=SECONDS, stdin=subprocess.DEVNULL,
            env={"HOME": home, "TERM": "vt100", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"},
        ).stdout.decode(errors="replace")  # fmt: skip
    return " ".join(_ESCAPES.sub(" ", shown).split())
