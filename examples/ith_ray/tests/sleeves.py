"""What the sleeves of the tests do, where workers can import it."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import telensic


def work(number: int) -> int:
    with telensic.span("work", number=number):
        time.sleep(0.02)
    return number * 2


def work_beside_another(item: tuple[int, str]) -> int:
    """The first two wait for each other, so that there are two workers."""
    number, directory = item
    if number < 2:
        Path(directory, f"{number}.begun").touch()
        while not Path(directory, f"{1 - number}.begun").exists():
            time.sleep(0.01)
    return work(number)


def kills_itself_on_the_other_node(item: tuple[int, str]) -> int:
    """One of the first two is there, since they wait for each other."""
    doubled = work_beside_another(item)
    if item[0] < 2 and "TELENSIC_RAY_TAPES" in os.environ:
        os.kill(os.getpid(), signal.SIGKILL)
    return doubled


def kills_itself_at_three(number: int) -> int:
    with telensic.span("before"):
        pass
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def raises_at_three(number: int) -> int:
    if number == 3:
        raise ValueError("quotes are stale")
    return number
