#!/usr/bin/env python3
"""What the hot pieces cost by themselves: runs the Google Benchmark programs, writes
bench/results/pieces.md. CPU time, which other work on the machine disturbs least."""
import json
import os
import subprocess

from harness import machine, report

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAMS = ("json_out_bench", "route_match_bench", "event_append_bench", "hash_bench")


def measured(program):
    path = os.path.join(ROOT, "build/release/bin", program)
    done = subprocess.run([path, "--benchmark_format=json"], capture_output=True, text=True, check=True)
    for one in json.loads(done.stdout)["benchmarks"]:
        bytes_per_second = one.get("bytes_per_second")
        rate = f"{bytes_per_second / 1e9:.2f} GB/s" if bytes_per_second else f"{1e9 / one['cpu_time']:,.0f} /s"
        yield [one["name"].partition("/iterations")[0], f"{one['cpu_time']:,.0f}", rate]


def main():
    rows = [row for program in PROGRAMS for row in measured(program)]
    text = "\n".join([
        "# Hot pieces\n", "Made by `bench/pieces.py`.\n",
        report.aligned(["machine", ""], [list(fact) for fact in machine.facts(ROOT)]) + "\n",
        report.aligned(["piece", "CPU ns", "rate"], rows)]) + "\n"
    print(text)
    path = os.path.join(ROOT, "bench/results/pieces.md")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()
