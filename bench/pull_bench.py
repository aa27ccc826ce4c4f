#!/usr/bin/env python3
"""How fast `modelkeep pull` copies a model out of the store, beside curl and aria2c from the same nginx.

  bench/pull_bench.py                     # prints one table, writes bench/results/pull.md
  bench/pull_bench.py --rounds 3 --mb 500 --server-build build/dev

The subjects take turns in each round, so that all meet the same machine. Only the pull checks digests.
Needs curl, aria2c, nginx and the builds that are named.
"""
import argparse
import os
import shutil
import signal
import socket
import statistics
import subprocess
import tempfile
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FILES = 4


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--build", default=os.path.join(ROOT, "build/release"))
    parser.add_argument("--server-build", default=None, help="of modelkeepd, where it is another one")
    parser.add_argument("--out", default=os.path.join(ROOT, "bench/results/pull.md"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--mb", type=int, default=1000, help="of the model, in four files")
    parser.add_argument("--target", default="/dev/shm", help="where copies go")
    return parser.parse_args()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as one:
        return one.getsockname()[1]


class Store:
    """A running service with one adopted model of random bytes."""

    def __init__(self, given, folder):
        self.binaries = os.path.join(given.server_build or given.build, "bin")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ,
            "MODELS_MOUNT_POINT": os.path.join(folder, "mount"),
            "MODELKEEP_LISTEN": f"127.0.0.1:{self.port}",
            "MODELKEEP_WEB_ROOT": folder,
            "HF_ENDPOINT": "http://127.0.0.1:9",
        }
        model = os.path.join(folder, "mount", "team_big")
        os.makedirs(model)
        self.names = [f"model-{part}.safetensors" for part in range(FILES)]
        for name in self.names:
            with open(os.path.join(model, name), "wb") as file:
                for _ in range(given.mb // FILES):
                    file.write(os.urandom(1_000_000))
        self.bytes = given.mb // FILES * FILES * 1_000_000
        self.process = subprocess.Popen(
            [os.path.join(self.binaries, "modelkeepd"), "run"], env=self.environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.wait()
        subprocess.run([os.path.join(self.binaries, "modelkeepd"), "adopt"], env=self.environment, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def wait(self):
        for _ in range(200):
            try:
                urllib.request.urlopen(self.url + "/api/health", timeout=2).read()
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit("the service did not start")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


def subjects(given, store, target):
    door = f"{store.url}/hf/team_big/resolve/main"
    listed = os.path.join(target, "..", "list.txt")
    with open(listed, "w", encoding="utf-8") as file:
        file.writelines(f"{door}/{name}\n" for name in store.names)
    pull = [os.path.join(given.build, "bin", "modelkeep"), "-s", store.url, "pull", "team_big", target]
    aria = ["aria2c", "-q", "--file-allocation=none", "-d", target, "-i", listed]
    curl = ["curl", "-s", "--parallel", "--parallel-max", "8"]
    for name in store.names:
        curl += ["-o", os.path.join(target, name), f"{door}/{name}"]
    return {
        "modelkeep pull, verified": pull,
        "curl, one connection a file": curl,
        "aria2c -j4 -x4": aria + ["-j4", "-x4", "-s4"],
    }


def timed(command, target):
    shutil.rmtree(target, ignore_errors=True)
    os.makedirs(target)
    begun = time.monotonic()
    subprocess.run(command, check=True, timeout=300, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - begun


def main():
    given = arguments()
    folder = tempfile.mkdtemp(prefix="modelkeep-bench-", dir="/var/tmp")
    scratch = tempfile.mkdtemp(prefix="modelkeep-bench-", dir=given.target)
    target = os.path.join(scratch, "to")
    os.makedirs(target)
    store = Store(given, folder)
    try:
        commands = subjects(given, store, target)
        seconds = {name: [] for name in commands}
        for name, command in commands.items():
            timed(command, target)
        for _ in range(given.rounds):
            for name, command in commands.items():
                seconds[name].append(timed(command, target))
    finally:
        store.stop()
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(scratch, ignore_errors=True)
    write(given, store, seconds)


def write(given, store, seconds):
    first = statistics.median(next(iter(seconds.values())))
    lines = [
        "# Copying a model out of the store",
        "",
        f"{store.bytes // 1_000_000} MB in {FILES} files over loopback from the service's nginx into {given.target}, "
        f"{os.cpu_count()} cores, median of {given.rounds} rounds in turns. Only the pull hashes what it gets and syncs "
        "it at the end. `bench/pull_bench.py` makes this page.",
        "",
        "| what | seconds | MB/s | time of the pull, of this |",
        "| --- | ---: | ---: | ---: |",
    ]
    for name, all_seconds in seconds.items():
        median = statistics.median(all_seconds)
        lines.append(f"| {name} | {median:.2f} | {store.bytes / median / 1e6:.0f} | {first / median:.2f} |")
    text = "\n".join(lines) + "\n"
    print(text)
    with open(given.out, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()
