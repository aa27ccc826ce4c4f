"""Processes that the benchmark starts: their family, its CPU time and memory, and their end."""
import os
import signal
import socket
import subprocess
import time

TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _stat(pid):
    """Fields after the name, which may itself hold spaces and brackets."""
    with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
        return file.read().rpartition(")")[2].split()


def family(pid):
    """The process and all that descend from it."""
    children = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                children.setdefault(int(_stat(entry)[1]), []).append(int(entry))
            except OSError:
                pass
    members, left = [], [pid]
    while left:
        member = left.pop()
        members.append(member)
        left += children.get(member, [])
    return members


def command(pid):
    try:
        with open(f"/proc/{pid}/comm", encoding="utf-8") as file:
            return file.read().strip()
    except OSError:
        return ""


def cpu_seconds(pids):
    """User and system time, that of reaped children included."""
    total = 0
    for pid in pids:
        try:
            fields = _stat(pid)
            total += sum(int(fields[i]) for i in (11, 12, 13, 14))
        except OSError:
            pass
    return total / TICKS


def pss_bytes(pids):
    """Memory, each shared page divided by those who share it."""
    total = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/smaps_rollup", encoding="utf-8") as file:
                total += sum(int(line.split()[1]) * 1024 for line in file if line.startswith("Pss:"))
        except OSError:
            pass
    return total


class Program:
    """One program with its family, in a session of its own so that nothing outlives it."""

    def __init__(self, words, environment=None, log=None):
        self.log = log
        output = open(log, "ab") if log else subprocess.DEVNULL
        self.process = subprocess.Popen(
            words, env={**os.environ, **(environment or {})}, stdin=subprocess.DEVNULL,
            stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
        if log:
            output.close()

    @property
    def pid(self):
        return self.process.pid

    def family(self):
        return family(self.pid)

    def stop(self):
        members = self.family()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for pid in members:
            if pid != self.pid and os.path.exists(f"/proc/{pid}"):
                try:
                    if os.getsid(pid) == self.pid:
                        os.kill(pid, signal.SIGKILL)
                except OSError:
                    pass


def wait_until(question, timeout_s, step_s=0.01):
    """The first true answer, or None."""
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        answer = question()
        if answer:
            return answer
        time.sleep(step_s)
    return None
