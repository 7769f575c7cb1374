"""Fail when a lock no longer answers pyproject.toml: a missing or too old pin, or two answers."""

import pathlib
import re
import sys
import tomllib

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = pathlib.Path(__file__).parent.parent
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;]+)", re.MULTILINE)


def pins(lock):
    return {canonicalize_name(name): version for name, version in PIN.findall(read(lock))}


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def unmet(asked, lock):
    """The requirements of pyproject.toml that this lock does not answer."""
    locked = pins(lock)
    for line in asked:
        requirement = Requirement(line)
        version = locked.get(canonicalize_name(requirement.name))
        if version is None or not requirement.specifier.contains(version, prereleases=True):
            yield f"{lock} ne répond pas à « {line} »"


def problems():
    declared = tomllib.loads(read("pyproject.toml"))
    runtime, groups = declared["project"]["dependencies"], declared["dependency-groups"]
    yield from unmet(runtime, "requirements.lock")
    yield from unmet(runtime + groups["dev"], "requirements-dev.lock")
    yield from unmet(groups["bench"], "requirements-bench.lock")
    # The tests try what is served: the two locks agree on every common package.
    if not pins("requirements.lock").items() <= pins("requirements-dev.lock").items():
        yield "requirements-dev.lock ne contient pas requirements.lock tel quel"
    for lock in sorted(ROOT.glob("requirements*.lock")):
        if "://" in lock.read_text(encoding="utf-8"):
            yield f"{lock.name} nomme l’adresse d’un registre"


found = list(problems())
sys.exit("\n".join([*found, "Lancez : make lock"]) if found else 0)
