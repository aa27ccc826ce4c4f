#!/usr/bin/env python3
"""Whether nginx's record of the bytes it sent slows the sending: the same service with and without it.

  bench/sent_bytes_bench.py               # five rounds of two seconds a row; prints one table

Needs build/release with modelkeepd and standin_hub, wrk and nginx. Rounds are interleaved; a ratio is the median of
the ratios within a round.
"""
import argparse
import os
import signal
import tempfile
import time

from harness import fetching, processes, rounds, subjects, web

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# As fetching.LOADS: one small file of weights, one that takes a while to send.
LOADS = {"small": ("small.bin", "4KiB", 1), "large": ("large.bin", "16MiB", 1)}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--build", default=os.path.join(ROOT, "build/release"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2, help="of load for each row of each round")
    return parser.parse_args()


def path_of(load):
    return f"/hf/{fetching.repo_of(load)}/resolve/main/{LOADS[load][0]}"


def stocked(given, folder, name, hub):
    """A service that holds a small file and a large one."""
    place = os.path.join(folder, name)
    os.makedirs(place)
    service = subjects.Service(os.path.join(given.build, "bin/modelkeepd"), place, os.path.join(place, "mount"),
                               folder, hub.url)
    for load in LOADS:
        web.ask(service.port, "/api/models/download", "POST", {"model_name": fetching.repo_of(load)})
        if not processes.wait_until(lambda: web.ask(service.port, path_of(load)).status == 200, 60):
            raise SystemExit("the model did not arrive")
    return service.rest(20)


def switch_record_off(service):
    """In the files that nginx includes; the master writes them anew at its next reload only."""
    run = os.path.join(service.mount, ".modelkeep/state/run")
    includes = os.path.join(run, "nginx-conf")
    for name in os.listdir(includes):
        path = os.path.join(includes, name)
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
        lines = ["access_log off;" if line.strip().startswith('access_log "') else line for line in lines]
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
    with open(os.path.join(run, "nginx.pid"), encoding="utf-8") as file:
        os.kill(int(file.read()), signal.SIGHUP)
    time.sleep(1)


def served(service):
    return web.ask(service.port, "/api/stats").json()["stats"]["bytes_served"]


def main():
    given = arguments()
    with tempfile.TemporaryDirectory(prefix="modelkeep-bench-", dir="/var/tmp") as folder:
        hub = fetching.Hub(os.path.join(given.build, "bin"), None, folder, [], LOADS)
        running = [hub]
        try:
            recorded = stocked(given, folder, "recorded", hub)
            running.append(recorded)
            silent = stocked(given, folder, "silent", hub)
            running.append(silent)
            switch_record_off(silent)
            before = served(silent)
            rows = []
            for load, connections in (("small", 32), ("large", 8)):
                for name, service in (("", recorded), (" unrecorded", silent)):
                    rows.append(rounds.Row(load + name, service, [path_of(load)], connections))
            found = rounds.run(rows, given.rounds, given.seconds, print)
            if served(silent) != before or served(recorded) == 0:
                raise SystemExit("the record is not where it should be, or is where it should not be")
            for name in LOADS:
                row, bare = found[name], found[name + " unrecorded"]
                print(f"{name}: {row.median('per_second'):,.0f}/s with the record, {bare.median('per_second'):,.0f}/s "
                      f"without: {row.ratio_to(bare):.3f}; CPU {row.median('cpu_us'):,.0f} and "
                      f"{bare.median('cpu_us'):,.0f} us a request; errors {row.errors()} and {bare.errors()}")
        finally:
            for one in reversed(running):
                one.stop()


if __name__ == "__main__":
    main()
