"""What Linux says of a process and of its workers: processor time and memory."""

import os
import pathlib

TICK = os.sysconf("SC_CLK_TCK")


def family(pid):
    """The process and those it started: a server and its workers."""
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in children for member in family(int(child)))]


def cpu_seconds(pid):
    """User and system time of the whole family since its start."""
    return sum(_ticks(member) for member in family(pid)) / TICK


def _ticks(pid):
    # The name, second field, may hold spaces: count from its closing parenthesis.
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def memory_mb(pid):
    """Resident and proportional (shared pages divided among their holders) sizes of a process."""
    lines = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    sizes = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines}
    return sizes["Rss"], sizes["Pss"]


def peak_mb(pid):
    """The largest resident size a process ever had."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
