"""What one row of a table cannot say: an idle service, requests that block, a long history."""
import threading
import time
from statistics import median

from . import load, rounds, seeds, web

BLOCKERS = (8, 32)
SPACED = 100


def idle(bench, starts=5):
    """Goal 14: memory of the service that nobody uses, and how soon it answers."""
    seconds = []
    for number in range(starts):
        service = bench.service(f"idle-{number}")
        seconds.append(service.start_seconds)
        if number + 1 < starts:
            bench.ended(service)
    for _ in range(20):
        web.ask(service.port, "/api/models?limit=50")
    time.sleep(3)
    ours, nginx = service.idle_pss()
    bench.ended(service)
    return {"pss_mib": ours / 2**20, "nginx_mib": nginx / 2**20, "start_s": median(seconds)}


def _spaced(port, path):
    """Requests 50 ms apart, each on a connection of its own: how long, and how many failed."""
    answers = []
    for _ in range(SPACED):
        answers.append(web.ask(port, path))
        time.sleep(0.05)
    return {"slowest_ms": max(answer.seconds for answer in answers) * 1000,
            "in_time": sum(answer.status == 200 and answer.seconds < 0.05 for answer in answers)}


class Blockers:
    """Requests that the server holds: they wait for downloads that cannot end."""

    def __init__(self, port, count):
        self.port = port
        self.running = True
        self.bad = 0
        self.threads = [threading.Thread(target=self._block, args=(number,)) for number in range(count)]

    def _block(self, number):
        while self.running:
            answer = web.ask(self.port, "/api/models/download", "POST",
                             {"model_name": f"bench/blocked-{number}", "wait": True})
            self.bad += answer.status in (0, 500, 502, 504)
            if answer.status not in (200, 202):
                time.sleep(0.1)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        time.sleep(1)
        return self

    def __exit__(self, *_):
        self.running = False
        for thread in self.threads:
            thread.join()


def starvation(bench, service, models, tell):
    """Goal 6 but its streams: spaced requests, then fast ones beside those that block."""
    spaced = _spaced(service.port, models[0])
    tell(f"spaced: {spaced}")
    result = {"spaced": spaced, "blocked": {}}
    quiet = [load.wrk(service, models, 2) for _ in range(5)]
    for count in BLOCKERS:
        with Blockers(service.port, count) as blockers:
            busy = [load.wrk(service, models, 2) for _ in range(5)]
        result["blocked"][count] = {
            "p99_ms": median(one.p99_ms for one in busy), "quiet_p99_ms": median(one.p99_ms for one in quiet),
            "ratio": median(a.p99_ms / b.p99_ms for a, b in zip(busy, quiet)),
            "bad": blockers.bad + sum(one.errors for one in busy)}
        tell(f"beside {count} that block: {result['blocked'][count]}")
    return result


def many_events(bench, tell, events=10_000_000):
    """Goal 12, the part about stats: a history of ten million events."""
    service = bench.service("events", 10_000, events)
    rows = rounds.run([rounds.Row("stats, one client", service, ["/api/stats"], connections=1),
                       rounds.Row("stats, 32 clients", service, ["/api/stats"])],
                      bench.given.rounds, bench.given.seconds, tell)
    total = web.ask(service.port, "/api/stats").json()["stats"]["total_requests"]
    bench.ended(service)
    if total < events:
        raise SystemExit(f"{total} requests counted, {events} were seeded")
    bare, full = seeds.size(bench.seeds, 10_000, 0), seeds.size(bench.seeds, 10_000, events)
    return {"rows": rows, "bytes_per_event": (full - bare) / events}
