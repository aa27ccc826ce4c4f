"""Interleaved rounds: A B C, A B C, ... so that what else the machine does hits all alike. Only the
ratios within one round are compared; their median over the rounds is the result."""
from statistics import median

from . import load


class Row:
    """One question put to one subject."""

    def __init__(self, name, subject, paths, connections=32, seconds=None):
        self.name = name
        self.subject = subject
        self.paths = paths
        self.connections = connections
        self.seconds = seconds  # Slow ones need longer: an answer not finished in its round counts for nothing.
        self.figures = []

    def median(self, field):
        return median(getattr(one, field) for one in self.figures)

    def errors(self):
        return sum(one.errors for one in self.figures)

    def ratio_to(self, other, field="per_second"):
        """The median of the ratios of the rounds."""
        pairs = zip(self.figures, other.figures)
        return median(getattr(a, field) / max(getattr(b, field), 1e-9) for a, b in pairs)


def run(rows, rounds, seconds, tell):
    for row in rows:
        load.wrk(row.subject, row.paths, 1, row.connections)
    for number in range(rounds):
        for row in rows:
            row.figures.append(load.wrk(row.subject, row.paths, row.seconds or seconds, row.connections))
        tell(f"round {number + 1} of {rounds}: " + ", ".join(
            f"{row.name} {row.figures[-1].per_second:,.0f}/s" for row in rows))
    return {row.name: row for row in rows}
