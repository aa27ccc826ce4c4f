"""What brings bytes in: the hub in three shapes, our fetcher, our whole service, and its peers."""
import json
import os
import resource
import shutil
import subprocess
import time

from . import processes, subjects, web

SHAPES = {
    "unthrottled": [],
    "50 MiB/s a connection": ["--rate-per-connection", "50MiB"],
    "30 ms and 20 MB/s a connection": ["--delay-ms", "30", "--rate-per-connection", "20MB"],
}
# Name: file name, size of one, how many.
LOADS = {
    "2 GiB": ("model.bin", "2GiB", 1),
    "4 x 500 MiB": ("model.bin", "500MiB", 4),
    "200 x 1 MiB": ("small.bin", "1MiB", 200),
    "1,000 x 64 KiB": ("tiny.bin", "64KiB", 1000),
}


def repo_of(load):
    return "bench/" + load.lower().replace(" ", "").replace(",", "")


def paths_of(load):
    name, _, count = LOADS[load]
    if count == 1:
        return [name]
    stem, dot, ending = name.rpartition(".")
    width = len(str(count - 1))
    return [f"{stem}-{number:0{width}d}{dot}{ending}" for number in range(count)]


class Hub:
    """The stand-in hub in one shape; the bytes lie on the disk and leave by sendfile."""

    def __init__(self, binaries, data, folder, options, loads=None):
        words = [os.path.join(binaries, "standin_hub"), "--exit-with-parent", *options]
        if data:
            words += ["--data-dir", data]
        for load, (name, size, count) in (loads or LOADS).items():
            words += ["--make", f"{repo_of(load)}={name}:{size}:{count}"]
        self.log = os.path.join(folder, f"hub-{time.monotonic_ns()}.log")
        self.program = processes.Program(words, log=self.log)
        if not processes.wait_until(lambda: self._first_line().startswith("http"), 600):
            raise SystemExit("the stand-in hub did not start\n" + self._first_line())
        self.url = self._first_line()

    def _first_line(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            line = file.readline()
        return line.strip() if line.endswith("\n") else ""

    def urls(self, load):
        return [f"{self.url}/{repo_of(load)}/resolve/main/{path}" for path in paths_of(load)]

    def stop(self):
        self.program.stop()


class Result:
    def __init__(self, seconds, tail_s=None, rss_mib=None, cpu_s=0.0):
        self.seconds = seconds
        self.cpu_s = cpu_s
        self.tail_s = tail_s
        self.rss_mib = rss_mib


class Place:
    """A folder on the disk, empty at each use."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "target")

    def __enter__(self):
        shutil.rmtree(self.path, ignore_errors=True)
        os.makedirs(self.path)
        os.sync()
        return self.path

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)


def _timed(words, tries=2):
    """A peer that gives up now and then is asked once more, and only what worked is timed."""
    begun, cpu_s = time.monotonic(), _children_cpu_s()
    done = subprocess.run(words, check=tries == 1, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if done.returncode != 0:
        return _timed(words, tries - 1)
    return Result(time.monotonic() - begun, cpu_s=_children_cpu_s() - cpu_s)


def _children_cpu_s():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def aria2(hub, load, target, sha256=None):
    quiet = ["aria2c", "--quiet", "--allow-overwrite=true", "--file-allocation=falloc", "-d", target]
    urls = hub.urls(load)
    if len(urls) == 1:
        checks = [f"--checksum=sha-256={sha256}"] if sha256 else []
        return _timed(quiet + ["-x16", "-s16", "-k1M", "-o", "out"] + checks + urls)
    listed = os.path.join(target, "list")
    with open(listed, "w", encoding="utf-8") as file:
        for number, url in enumerate(urls):
            file.write(f"{url}\n out=f{number}\n")
    many = ["-j16"] if len(urls) > 16 else [f"-j{len(urls)}", "-x16", "-s16", "-k1M"]
    return _timed(quiet + many + ["-i", listed])


def curl(hub, load, target):
    outs = [word for number, url in enumerate(hub.urls(load)) for word in
            ("-o", os.path.join(target, f"f{number}"), url)]
    return _timed(["curl", "-sfL", "-Z", "--parallel-max", "16"] + outs)


def copy(sources, target):
    """The limit: the same bytes from the page cache to the disk, synced."""
    begun, cpu_s = time.monotonic(), _children_cpu_s()
    for number, source in enumerate(sources):
        subprocess.run(["dd", f"if={source}", f"of={target}/f{number}", "bs=1M", "conv=fsync", "status=none"],
                       check=True)
    return Result(time.monotonic() - begun, cpu_s=_children_cpu_s() - cpu_s)


def engine(binaries, hub, load, target, program="fetch_bench", flags=(), sha256=""):
    """One download by the fetcher's own code, from the claim to `ready`."""
    done = subprocess.run(
        [os.path.join(binaries, program), "--endpoint", hub.url, "--repo", repo_of(load), "--store", target, *flags],
        capture_output=True, text=True, check=False, env={**os.environ, "FETCH_BENCH_SHA256": sha256})
    said = json.loads(done.stdout) if done.returncode == 0 else {"status": done.stderr}
    if said["status"] != "ready":
        raise SystemExit(f"{program} {load}: {said}")
    return Result(said["ms"] / 1000, max(said["hashed_ms"] - said["received_ms"], 0) / 1000, said["rss_mib"],
                  said["cpu_ms"] / 1000)


def service(binaries, hub, load, target, web_root):
    """The whole service, from the request for the model to the status `ready`."""
    folder = os.path.join(target, "log")
    os.makedirs(folder)
    running = subjects.Service(os.path.join(binaries, "modelkeepd"), folder, os.path.join(target, "mount"), web_root,
                               hub.url)
    try:
        begun, cpu_s = time.monotonic(), _children_cpu_s()
        asked = web.ask(running.port, "/api/models/download", "POST", {"model_name": repo_of(load)}).json()
        path = f"/api/downloads/{asked['download']['id']}"
        status = processes.wait_until(lambda: _ended(running.port, path), 300)
        seconds = time.monotonic() - begun
    finally:
        running.stop()
    if status != "ready":
        raise SystemExit(f"the service ended with {status}")
    # Its processes are waited for when it is stopped; start and stop are in this too.
    return Result(seconds, cpu_s=_children_cpu_s() - cpu_s)


def _ended(port, path):
    status = web.ask(port, path).json()["download"]["status"]
    return status if status in ("ready", "failed") else None
