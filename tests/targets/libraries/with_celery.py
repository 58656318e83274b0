"""Celery: a worker of two processes, which is sent tasks through a folder; one of them fails."""

import os
import shutil
import subprocess
import sys
import tempfile

from celery import Celery

FOLDER = os.environ.get("SUMS_FOLDER") or tempfile.mkdtemp()

app = Celery("sums", broker="filesystem://", backend="file://" + FOLDER)
app.conf.broker_transport_options = {
    "data_folder_in": FOLDER, "data_folder_out": FOLDER, "control_folder": FOLDER,
}  # fmt: skip
app.conf.worker_hijack_root_logger = False


@app.task(name="sums.square")
def square(number):
    return number * number


@app.task(name="sums.fail")
def fail(number):
    raise ValueError(number)


def main():
    command = [
        sys.executable, "-m", "celery", "-A", "with_celery", "worker", "--concurrency", "2",
        "--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "CRITICAL",
    ]  # fmt: skip
    worker = subprocess.Popen(
        command,
        cwd=os.path.dirname(os.path.abspath(__file__)),
        env={**os.environ, "SUMS_FOLDER": FOLDER, "PYTHONWARNINGS": "ignore"},
        stdout=subprocess.DEVNULL,
    )
    results = [square.delay(number) for number in range(20)]
    print(sum(result.get(timeout=50) for result in results))
    print(repr(fail.delay(3).get(timeout=50, propagate=False)))
    worker.terminate()
    print(worker.wait())
    shutil.rmtree(FOLDER)


if __name__ == "__main__":
    main()
