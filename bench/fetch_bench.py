#!/usr/bin/env python3
"""How fast a model gets onto the disk, against aria2, curl and a plain copy of the same bytes.

Rounds are interleaved; a ratio is the median of the ratios within a round. The upstream is the stand-in hub on
loopback, which makes the three shapes itself. Everything shares this machine's cores, so only ratios mean anything.
"""
import argparse
import os
import shutil
import subprocess
import tempfile
import time
from statistics import median

from harness import fetching, goals, machine, report

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CONNECTIONS = 16
MIB = 1 << 20


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--build", default=os.path.join(ROOT, "build/release"))
    parser.add_argument("--out", default=os.path.join(ROOT, "bench/results/fetch.md"))
    parser.add_argument("--rounds", type=int, default=5, help="of the sets that goals are about; the others run 2")
    parser.add_argument("--no-large", action="store_true", help="leave the 16 GiB file out")
    parser.add_argument("--only", default="", help="parts of the names of the sets to run, with + between")
    return parser.parse_args()


# The sets that goals are about.
JUDGED = ("2 GiB, unthrottled", "200 x 1 MiB, unthrottled", "1,000 x 64 KiB, unthrottled", "2 GiB, 50 MiB/s a connection")
# Says nothing under a shape that 1,000 x 64 KiB does not say.
PLAIN_ONLY = ("200 x 1 MiB",)


class Row:
    def __init__(self, name, run, rounds=None):
        self.name = name
        self.run = run
        self.rounds = rounds  # Slow ones need fewer.
        self.results = []

    def median(self, field="seconds"):
        return median(getattr(one, field) for one in self.results)

    def ratio_to(self, other):
        """How many times as fast, by the rounds that both ran."""
        return median(b.seconds / a.seconds for a, b in zip(self.results, other.results))


class Set:
    """One load from one shape of hub."""

    def __init__(self, bench, shape, load):
        self.name = f"{load}, {shape}"
        self.load = load
        self.bench = bench
        self.hub = bench.hub(shape)
        self.sources, digests = bench.sources(load)
        sha = digests[0]
        ours = lambda target, **more: fetching.engine(bench.binaries, self.hub, load, target, **more)
        plain = shape == "unthrottled"
        single = len(self.sources) == 1
        rows = [Row("aria2", lambda target: fetching.aria2(self.hub, load, target)),
                Row("durable", lambda target: ours(target))]
        if single:
            rows += [Row("verified", lambda target: ours(target, flags=["--no-sync"])),
                     Row("neither", lambda target: ours(target, program="fetch_bench_unhashed",
                                                        flags=["--no-sync", "--no-read"], sha256=sha))]
        if not plain:
            rows.append(Row("wider", lambda target: ours(target, flags=["--connections", "32"])))
        if plain:
            rows += [Row("service", lambda target: fetching.service(bench.binaries, self.hub, load, target,
                                                                    bench.web_root)),
                     Row("curl", lambda target: fetching.curl(self.hub, load, target)),
                     Row("copy", lambda target: fetching.copy(self.sources, target))]
        if plain and single:
            rows.append(Row("aria2 checked", lambda target: fetching.aria2(self.hub, load, target, sha), rounds=3))
        self.rows = {row.name: row for row in rows}

    def run(self, rounds, tell):
        rounds = rounds if self.name in JUDGED else min(rounds, 2)
        for number in range(rounds):
            for row in self.rows.values():
                if row.rounds is not None and number >= row.rounds:
                    continue
                with fetching.Place(self.bench.folder) as target:
                    row.results.append(row.run(target))
            tell(f"{self.name}, round {number + 1}: " + ", ".join(
                f"{row.name} {row.results[-1].seconds:.2f}" for row in self.rows.values()))
        return self


class Bench:
    def __init__(self, given):
        self.given = given
        self.binaries = os.path.join(given.build, "bin")
        self.folder = tempfile.mkdtemp(prefix="modelkeep-fetch-", dir="/var/tmp")
        self.data = os.path.join(ROOT, "build/bench/hub-files")
        self.web_root = os.path.join(self.folder, "web")
        os.makedirs(self.web_root)
        with open(os.path.join(self.web_root, "index.html"), "w", encoding="utf-8") as file:
            file.write("<!doctype html><title>Modelkeep</title>")
        self.hubs = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for hub in self.hubs.values():
            hub.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def hub(self, shape):
        if shape not in self.hubs:
            self.hubs[shape] = fetching.Hub(self.binaries, self.data, self.folder, fetching.SHAPES[shape])
        return self.hubs[shape]

    def sources(self, load):
        """The hub's own files, read once so that they lie in memory; and their digests."""
        size = {"2GiB": 2048 * MIB, "500MiB": 500 * MIB, "1MiB": MIB, "64KiB": MIB // 16}[fetching.LOADS[load][1]]
        names = sorted(os.path.join(self.data, name) for name in os.listdir(self.data) if not name.endswith(".sha256"))
        sources = [name for name in names if os.path.getsize(name) == size]
        for source in sources:
            subprocess.run(["cat", source], stdout=subprocess.DEVNULL, check=True)
        return sources, [open(source + ".sha256", encoding="utf-8").read() for source in sources]


def rehash_seconds(source):
    begun = time.monotonic()
    subprocess.run(["openssl", "dgst", "-sha256", source], stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - begun


def large(bench, tell):
    """Memory does not grow with the file: 16 GiB, made as they are sent."""
    load = {"16 GiB": ("model.bin", "16GiB", 1)}
    hub = fetching.Hub(bench.binaries, "", bench.folder, [], load)
    try:
        with fetching.Place(bench.folder) as target:
            result = fetching.engine(bench.binaries, hub, "16 GiB", target)
    finally:
        hub.stop()
    tell(f"16 GiB: {result.seconds:.1f} s, {result.rss_mib} MiB")
    return result


def judge(sets, rehash_s, big):
    plain = sets.get("2 GiB, unthrottled")
    judged = []
    if plain:
        row = plain.rows
        # What is durable is verified too, and may be faster: the kernel writes in small steps then.
        best = min(row["verified"], row["durable"], key=Row.median)
        cost = (median(a.seconds / b.seconds for a, b in zip(row["verified"].results, row["neither"].results)) - 1) * 100
        judged += [
            goals.at_least(8, "2 GiB verified, to aria2 unverified", 2.5, best.ratio_to(row["aria2"])),
            goals.at_least(8, "2 GiB verified, to aria2 with --checksum", 6,
                           best.ratio_to(row["aria2 checked"])),
            goals.at_least(8, "2 GiB verified and durable, to aria2 (neither)", 1.6,
                           row["durable"].ratio_to(row["aria2"])),
            goals.at_most(9, "cost of verifying, of the time without", 20, cost, " %"),
            goals.at_most(9, "the same, of the longer of receiving alone and hashing alone", 20,
                          (best.median() / max(row["neither"].median(), rehash_s) - 1) * 100, " %"),
            goals.at_most(9, "hashing left after the last byte, of a full re-hash", 5,
                          row["verified"].median("tail_s") / rehash_s * 100, " %"),
            goals.at_most(14, "memory of the fetch process, 2 GiB, MiB", 256, row["durable"].median("rss_mib")),
        ]
    fifty = sets.get("2 GiB, 50 MiB/s a connection")
    if fifty:
        share = 2048 * MIB / fifty.rows["verified"].median() / (CONNECTIONS * 50 * MIB)
        judged += [goals.at_least(10, "50 MiB/s a connection, of 16 times that", 0.9, share),
                   goals.at_least(10, "the same, to aria2", 2, fifty.rows["verified"].ratio_to(fifty.rows["aria2"]))]
    for load in ("200 x 1 MiB", "1,000 x 64 KiB"):
        many = sets.get(f"{load}, unthrottled")
        if many:
            judged.append(goals.at_least(11, f"{load}, verified and durable, to aria2 -j16 (neither)", 2,
                                         many.rows["durable"].ratio_to(many.rows["aria2"])))
    if big:
        judged.append(goals.at_most(14, "memory of the fetch process, 16 GiB, MiB", 256, big.rss_mib))
        if plain:
            judged.append(goals.at_most(14, "the same, of that at 2 GiB", 1.5,
                                        big.rss_mib / plain.rows["durable"].median("rss_mib"), "x"))
    return judged


TITLES = {"aria2": "aria2c, 16 connections", "aria2 checked": "aria2c --checksum=sha-256", "curl": "curl -Z",
          "copy": "dd of the same bytes, synced", "durable": "ours, verified and durable",
          "verified": "ours, verified, no sync", "neither": "ours, no hashing and no sync",
          "wider": "ours, verified and durable, up to 32 connections",
          "service": "the whole service, request to ready"}


def document(given, facts, sets, judged, rehash_s, begun):
    rows = [[f"{one.name}: {TITLES[row.name]}", f"{row.median():.2f}", f"{row.median('cpu_s'):.2f}",
             f"{row.ratio_to(one.rows['aria2']):.2f}"] for one in sets.values() for row in one.rows.values()]
    text = [
        "# Fetching: how fast a model gets onto the disk\n",
        f"Made by `bench/fetch_bench.py`: {given.rounds} interleaved rounds (2 of the sets without a goal), medians; *CPU* "
        "is what the programs of that row used, without the hub; *to aria2* is the median of the "
        "ratios within a round, above 1 is faster. The upstream is the stand-in hub on loopback on the same cores; it "
        "sends from the page cache by sendfile and makes the three shapes itself. *durable* is the fetcher's own code "
        "from the claim of a queued download to `ready`: planned, fetched, hashed, synced, published. What is beside "
        "it leaves something out to show what that costs.\n",
        report.aligned(["machine", ""], [list(fact) for fact in facts]) + "\n",
        report.aligned(["what", "seconds", "CPU", "to aria2"], rows) + "\n",
        report.aligned(["goal", "target", "measured", "verdict"],
                       [[f"{one.number}: {one.what}", one.target, one.value, one.verdict] for one in judged]) + "\n",
        f"A full re-hash of the 2 GiB by OpenSSL takes {rehash_s:.2f} s here. "
        f"The run took {(time.monotonic() - begun) / 60:.0f} minutes. "
        f"Load at the end: {' '.join(f'{value:.1f}' for value in os.getloadavg())} on {os.cpu_count()} cores.\n"]
    return "\n".join(text)


def tell(text):
    print(text, flush=True)


def main():
    given = arguments()
    begun = time.monotonic()
    facts = machine.facts(ROOT)
    with Bench(given) as bench:
        bench.hub("unthrottled")  # It makes the files that all the others read.
        sets, rehash_s = {}, rehash_seconds(bench.sources("2 GiB")[0][0])
        for shape in fetching.SHAPES:
            for load in fetching.LOADS:
                if shape != "unthrottled" and load in PLAIN_ONLY:
                    continue
                if any(part in f"{load}, {shape}" for part in given.only.split("+")):
                    one = Set(bench, shape, load).run(given.rounds, tell)
                    sets[one.name] = one
        big = None if given.no_large else large(bench, tell)
    judged = judge(sets, rehash_s, big)
    text = document(given, facts, sets, judged, rehash_s, begun)
    tell(text)
    with open(given.out, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()
