"""The goals, each with what was measured and whether it was reached."""


class Goal:
    def __init__(self, number, what, target, value, reached):
        self.number = number
        self.what = what
        self.target = target
        self.value = value
        self.verdict = "pass" if reached else "short"


def at_least(number, what, target, value, unit="x"):
    return Goal(number, what, f">= {target}{unit}", f"{value:,.2f}{unit}", value >= target)


def at_most(number, what, target, value, unit=""):
    return Goal(number, what, f"<= {target}{unit}", f"{value:,.2f}{unit}", value <= target)


def judge(rows, close, peers, idle, starving, killed, events, large):
    static = rows["static"]
    judged = [
        at_least(1, "GET /api/models/{id} of 10,000, to nginx static", 0.45, rows["get"].ratio_to(static)),
        at_most(1, "errors of all rows", 0, sum(row.errors() for row in rows.values())),
        at_least(3, "page of 50 of 10,000, to nginx static", 0.30, rows["list 10k"].ratio_to(static)),
        at_least(3, f"page at any depth of {large:,} models, to that of 100 models", 0.90,
                 close["list large deep"].ratio_to(close["list 100"])),
    ]
    if peers:
        judged += [
            at_least(2, "get, to Flask with 10 models", 35, peers["get"].ratio_to(peers["flask 10"])),
            at_least(2, "get, to Flask with 10,000 models", 1000, peers["get"].ratio_to(peers["flask 10k"])),
            at_least(2, "get, to an empty gunicorn route", 4, peers["get"].ratio_to(peers["gunicorn empty"])),
        ]
    for name in ("health", "stats", "queue", "list 10k"):
        judged.append(at_least(4, f"polled route: {name}, to nginx static", 0.70, rows[name].ratio_to(static)))
    cost = (1 - close["get"].ratio_to(close["get uncounted"])) * 100
    judged.append(at_most(5, "cost of counting, of requests per second", 5, cost, " %"))
    what = f"of {killed['answered']:,} answers around {killed['tries']} kills of every process"
    judged.append(at_most(5, f"lost {what}", 0, killed["lost"]))
    judged.append(at_most(5, f"counted twice {what}", 0, killed["twice"]))
    judged.append(at_least(6, "spaced requests answered within 50 ms, of 100", 100,
                           starving["spaced"]["in_time"], ""))
    for count, one in starving["blocked"].items():
        judged.append(at_most(6, f"p99 beside {count} requests that block, to without", 1.5, one["ratio"], "x"))
        judged.append(at_most(6, f"failed answers beside {count} that block", 0, one["bad"]))
    if events:
        judged.append(at_most(12, "p99 of GET /api/stats over 10 million events, ms", 5,
                              events["rows"]["stats, one client"].median("p99_ms")))
        judged.append(at_most(12, "bytes of an event on disk", 40, events["bytes_per_event"]))
    judged.append(at_most(14, "idle memory of all processes but nginx's, MiB PSS", 48, idle["pss_mib"]))
    judged.append(at_most(14, "start to first answer, seconds", 1, idle["start_s"]))
    return judged
