"""Load from wrk, and what it cost the one who answered."""
import json
import os
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


class Figures:
    def __init__(self, result, cpu_seconds):
        # None answered in time means that nothing was measured; `empty` says so in every table.
        self.empty = result["requests"] == 0
        self.requests = max(result["requests"], 1)
        self.per_second = self.requests * 1e6 / max(result["microseconds"], 1)
        self.p50_ms = result["p50_us"] / 1000
        self.p99_ms = result["p99_us"] / 1000
        self.max_ms = result["max_us"] / 1000
        self.errors = result["status_errors"] + result["socket_errors"]
        self.cpu_us = cpu_seconds * 1e6 / self.requests


def result_of(output):
    """The figures that requests.lua prints at its end."""
    line = next(line for line in output.splitlines() if line.startswith("RESULT "))
    return json.loads(line[len("RESULT "):])


def wrk(subject, paths, seconds, connections=32):
    with tempfile.NamedTemporaryFile("w", suffix=".paths", delete=False) as file:
        file.write("\n".join(paths) + "\n")
    try:
        before = subject.cpu_seconds()
        output = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s",
             "-s", os.path.join(HERE, "requests.lua"), f"http://127.0.0.1:{subject.port}", "--",
             file.name], capture_output=True, text=True, check=True).stdout
        after = subject.cpu_seconds()
    finally:
        os.unlink(file.name)
    return Figures(result_of(output), after - before)
