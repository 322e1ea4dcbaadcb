"""Busy in one function for two seconds of CPU time."""

import time


def price_options():
    until = time.process_time() + 2
    total = 0
    while time.process_time() < until:
        for number in range(10_000):
            total += number * number
    return total


price_options()
