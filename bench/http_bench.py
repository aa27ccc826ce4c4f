#!/usr/bin/env python3
"""How fast the service answers, beside nginx alone and beside the Flask server it takes the place of.

  bench/http_bench.py                     # everything; prints one table, writes bench/results/http.md
  bench/http_bench.py --rounds 3 --seconds 1 --no-events --no-peers

Needs build/release (cmake --preset release -DMODELKEEP_BENCH=ON), wrk, nginx, and for the peers
Debian's Flask and gunicorn.
"""
import argparse
import os
import shutil
import socket
import tempfile

from harness import checks, goals, kills, machine, report, rounds, seeds, subjects, web

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SMALL = b'{"success":true,"id":12345}\n'[:27]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--build", default=os.path.join(ROOT, "build/release"))
    parser.add_argument("--out", default=os.path.join(ROOT, "bench/results/http.md"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2, help="of load for each row of each round")
    parser.add_argument("--no-peers", action="store_true", help="leave Flask and gunicorn out")
    parser.add_argument("--no-events", action="store_true", help="leave the ten million events out")
    parser.add_argument("--large", type=int, default=100_000, help="models of the large catalog")
    return parser.parse_args()


class Bench:
    """Starts subjects, and ends them whatever happens."""

    def __init__(self, given):
        self.given = given
        self.folder = tempfile.mkdtemp(prefix="modelkeep-bench-", dir="/var/tmp")
        self.web_root = os.path.join(self.folder, "web")
        os.makedirs(self.web_root)
        with open(os.path.join(self.web_root, "index.html"), "w", encoding="utf-8") as file:
            file.write("<!doctype html><title>Modelkeep</title>")
        self.seeds = os.path.join(ROOT, "build/bench")
        # A hub that takes connections and never answers: downloads from it go on as long as they are let.
        self.hub = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.subjects = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for subject in reversed(self.subjects):
            subject.stop()
        self.hub.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def started(self, subject):
        self.subjects.append(subject)
        return subject

    def ended(self, subject):
        self.subjects.remove(subject)
        subject.stop()

    def fresh(self, name):
        path = os.path.join(self.folder, name)
        os.makedirs(path, exist_ok=True)
        return path

    def service(self, name, models=0, events=0, binary="modelkeepd"):
        """The service on a copy of a seeded store."""
        binaries = os.path.join(self.given.build, "bin")
        mount = self.fresh(name + "-mount")
        if models:
            seeds.copy(binaries, self.seeds, models, events, mount, self.web_root)
        program = os.path.join(binaries, binary)
        upstream = f"http://127.0.0.1:{self.hub.getsockname()[1]}"
        service = self.started(subjects.Service(program, self.fresh(name), mount, self.web_root, upstream))
        return service.rest() if models else service

    def again(self, service):
        """The same store, after its processes were killed."""
        self.subjects.remove(service)
        upstream = f"http://127.0.0.1:{self.hub.getsockname()[1]}"
        program = os.path.join(self.given.build, "bin", "modelkeepd")
        return self.started(subjects.Service(program, self.fresh("again"), service.mount, self.web_root, upstream))

    def static(self, files):
        return self.started(subjects.static_nginx(self.fresh("static"), files))


def model_paths(service, count):
    """`count` models spread over the catalog, as clients would ask for them."""
    ids, cursor = [], ""
    while len(ids) < count:
        page = web.ask(service.port, f"/api/models?limit=200{cursor}").json()
        ids += [model["id"] for model in page["models"]]
        if "next_cursor" not in page:
            break
        cursor = "&cursor=" + page["next_cursor"]
    return [f"/api/models/{model_id}" for model_id in ids[:count]]


def page_paths(service):
    """The same page of 50 at twenty depths, found by following cursors."""
    depths, cursor = ["/api/models?limit=50"], ""
    while True:
        page = web.ask(service.port, f"/api/models?limit=200{cursor}").json()
        if "next_cursor" not in page:
            break
        cursor = "&cursor=" + page["next_cursor"]
        depths.append(f"/api/models?limit=50{cursor}")
    step = max(len(depths) // 20, 1)
    return depths[::step]


def main_rows(bench, tell):
    """Goals 1 to 5 but the peers: every route, and the catalogs of three sizes."""
    small = bench.service("small", 100)
    middle = bench.service("middle", 10_000)
    large = bench.service("large", bench.given.large)
    uncounted = bench.service("uncounted", 10_000, binary="modelkeepd_uncounted")
    models = model_paths(middle, 1_000)
    files = {"small.json": SMALL,
             "model.json": web.ask(middle.port, models[0]).body,
             "list.json": web.ask(middle.port, "/api/models?limit=50").body}
    static = bench.static(files)
    rows = [
        rounds.Row("static", static, ["/small.json"]),
        rounds.Row("static model", static, ["/model.json"]),
        rounds.Row("static list", static, ["/list.json"]),
        rounds.Row("health", middle, ["/api/health"]),
        rounds.Row("get", middle, models),
        rounds.Row("get uncounted", uncounted, models),
        rounds.Row("list 10k", middle, ["/api/models?limit=50"]),
        rounds.Row("list 10k deep", middle, page_paths(middle)),
        rounds.Row("list 100", small, ["/api/models?limit=50"]),
        rounds.Row("list large deep", large, page_paths(large)),
        rounds.Row("stats", middle, ["/api/stats"]),
        rounds.Row("queue", middle, ["/api/downloads?status=active"]),
    ]
    measured = rounds.run(rows, bench.given.rounds, bench.given.seconds, tell)
    # Differences of a few per cent drown in what else the machine does: neighbours, three times as often.
    close = rounds.run([rounds.Row("get", middle, models),
                        rounds.Row("get uncounted", uncounted, models),
                        rounds.Row("list 100", small, ["/api/models?limit=50"]),
                        rounds.Row("list large deep", large, page_paths(large))],
                       3 * bench.given.rounds, bench.given.seconds, tell)
    counted = web.ask(uncounted.port, "/api/stats").json()["stats"]["total_requests"]
    if counted > 1_000:
        raise SystemExit(f"modelkeepd_uncounted has counted {counted} requests")
    for subject in (small, large, uncounted):
        bench.ended(subject)
    return measured, close, static, middle, models


def peer_rows(bench, static, middle, models, tell):
    """Goal 2: the same question to the server that this one takes the place of."""
    few = bench.started(subjects.flask_dev(bench.fresh("flask-10"), 10))
    many = bench.started(subjects.flask_dev(bench.fresh("flask-10k"), 10_000))
    empty = bench.started(subjects.gunicorn_empty(bench.fresh("gunicorn")))
    rows = [
        rounds.Row("static", static, ["/small.json"]),
        rounds.Row("get", middle, models),
        rounds.Row("flask 10", few, [f"/api/models/org{n % 97}_model-{n:06d}" for n in range(10)]),
        rounds.Row("flask 10k", many, [f"/api/models/org{n % 97}_model-{n:06d}" for n in range(1_000)], seconds=12),
        rounds.Row("gunicorn empty", empty, ["/api/health"]),
    ]
    measured = rounds.run(rows, bench.given.rounds, bench.given.seconds, tell)
    for subject in (few, many, empty):
        bench.ended(subject)
    return measured


def tell(text):
    print(text, flush=True)


def main():
    given = arguments()
    with Bench(given) as bench:
        facts = machine.facts(ROOT)
        idle = checks.idle(bench)
        tell(f"idle: {idle}")
        rows, close, static, middle, models = main_rows(bench, tell)
        peers = {} if given.no_peers else peer_rows(bench, static, middle, models, tell)
        starving = checks.starvation(bench, middle, models, tell)
        killed = kills.killed_in_the_middle(bench, tell)
        events = {} if given.no_events else checks.many_events(bench, tell)
        table = report.table(rows, peers)
        judged = goals.judge(rows, close, peers, idle, starving, killed, events, given.large)
        text = report.document(facts, given, table, judged, idle, starving, events)
    tell(text)
    os.makedirs(os.path.dirname(given.out), exist_ok=True)
    with open(given.out, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()
