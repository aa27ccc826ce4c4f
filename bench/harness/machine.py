"""Facts about the machine, without which no figure means anything."""
import os
import platform
import subprocess


def _output(words):
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        return (done.stdout + done.stderr).strip()
    except OSError:
        return ""


def _first_line(path, key):
    try:
        with open(path, encoding="utf-8") as file:
            return next((line.split(":", 1)[1].strip() for line in file if line.startswith(key)), "?")
    except OSError:
        return "?"


def facts(root):
    memory_kib = int(_first_line("/proc/meminfo", "MemTotal").split()[0])
    flags = _first_line("/proc/cpuinfo", "flags").split()
    return [
        ("CPU", f"{os.cpu_count()} x {_first_line('/proc/cpuinfo', 'model name')}"
                f"{', sha_ni' if 'sha_ni' in flags else ', no sha_ni'}"),
        ("memory", f"{memory_kib / 1e6:.1f} GB"),
        ("kernel", platform.release()),
        ("nginx", _output(["/usr/sbin/nginx", "-v"]).rpartition("/")[2]),
        ("compiler", _output(["c++", "-dumpfullversion"])),
        ("tree", _output(["git", "-C", root, "describe", "--always", "--dirty"])),
        ("load before", " ".join(f"{value:.2f}" for value in os.getloadavg())),
    ]
