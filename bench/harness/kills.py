"""Goal 5, its second half: every process killed at once in the middle of load, again and again. Each request has a
name of its own, so the record tells what was lost and what was counted twice."""
import os
import random
import signal
import sqlite3
import subprocess
import tempfile
import threading

from . import load, web

LOAD_S = 1


class Answers:
    """wrk with a fresh name in each request."""

    def __init__(self, port, path, prefix):
        with tempfile.NamedTemporaryFile("w", suffix=".paths", delete=False) as file:
            file.write(path + "\n")
        self.paths = file.name
        self.process = subprocess.Popen(
            ["wrk", "-t1", "-c32", f"-d{LOAD_S}s", "--timeout", "2s", "-s", os.path.join(load.HERE, "requests.lua"),
             f"http://127.0.0.1:{port}", "--", self.paths, prefix], stdout=subprocess.PIPE, text=True)

    def good(self):
        output, _ = self.process.communicate()
        os.unlink(self.paths)
        result = load.result_of(output)
        # What nginx answered by itself (503) while the workers were gone, before it was gone too.
        return result["requests"] - result["status_errors"]


def _kill_all(service):
    for pid in service.program.family():
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    service.program.process.wait()


def _recorded(mount, prefix):
    """Events of this try, and how many different requests they are."""
    path = os.path.join(mount, ".modelkeep", "state", "modelkeep.db")
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        return db.execute("SELECT count(*), count(DISTINCT e.user) FROM events e JOIN users u ON u.pk = e.user "
                          "WHERE u.name >= ? AND u.name < ?", (prefix, prefix + "~")).fetchone()


def killed_in_the_middle(bench, tell, tries=50, seed=1):
    """`lost` and `twice` over all tries, and how many answers there were to lose."""
    chance = random.Random(seed)
    service = bench.service("killed", 100)
    total = {"tries": tries, "answered": 0, "lost": 0, "twice": 0, "unanswered": 0}
    path = "/api/models?limit=1"
    for number in range(tries):
        prefix = f"try{number}-"
        answers = Answers(service.port, path, prefix)
        killer = threading.Timer(chance.uniform(0.2, 0.8), _kill_all, [service])
        killer.start()
        answered = answers.good()
        killer.join()
        service = bench.again(service)
        web.ask(service.port, "/api/stats")
        events, different = _recorded(service.mount, prefix)
        total["answered"] += answered
        total["lost"] += max(0, answered - different)
        total["twice"] += events - different
        total["unanswered"] += max(0, different - answered)
    bench.ended(service)
    tell(f"killed in the middle: {total}")
    return total
