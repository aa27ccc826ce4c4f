"""Stores with many models and events, made once and copied for each run."""
import os
import shutil
import subprocess
import tempfile

from . import subjects

STATE = os.path.join(".modelkeep", "state")


def _make(binaries, path, models, events, web_root):
    """The service makes the store, the seeding program fills its database while nobody uses it."""
    os.makedirs(path)
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        service = subjects.Service(os.path.join(binaries, "modelkeepd"), folder, path, web_root)
        service.stop()
    # Seeding commits a few times for each model; in memory a commit costs nothing.
    with tempfile.TemporaryDirectory(dir="/dev/shm") as fast:
        for name in os.listdir(os.path.join(path, STATE)):
            if name.startswith("modelkeep.db"):
                shutil.move(os.path.join(path, STATE, name), os.path.join(fast, name))
        subprocess.run([os.path.join(binaries, "seed_catalog"), fast, str(models), str(events)], check=True)
        # The index of the log (-shm) is made anew by whoever opens the database next.
        for name in ("modelkeep.db", "modelkeep.db-wal"):
            if os.path.exists(os.path.join(fast, name)):
                shutil.copy(os.path.join(fast, name), os.path.join(path, STATE, name))


def copy(binaries, kept, models, events, mount, web_root):
    """Puts a store with so many models and events at `mount`."""
    seed = os.path.join(kept, f"seed-{models}-{events}")
    if not os.path.exists(os.path.join(seed, STATE, "modelkeep.db")):
        shutil.rmtree(seed, ignore_errors=True)
        unfinished = seed + ".unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        os.makedirs(kept, exist_ok=True)
        _make(binaries, unfinished, models, events, web_root)
        os.rename(unfinished, seed)
    shutil.rmtree(mount)
    subprocess.run(["cp", "-a", "--reflink=auto", seed, mount], check=True)


def size(kept, models, events):
    """Bytes of the seeded database."""
    folder = os.path.join(kept, f"seed-{models}-{events}", STATE)
    return sum(os.path.getsize(os.path.join(folder, name)) for name in ("modelkeep.db", "modelkeep.db-wal")
               if os.path.exists(os.path.join(folder, name)))
