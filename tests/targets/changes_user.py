"""Waits for ever with two children: one that may be signalled, and one that became another user."""

import signal
import subprocess

ours = subprocess.Popen(["sleep", "600"])
stranger = subprocess.Popen(["sleep", "600"], user=65534)
print("ours", ours.pid, flush=True)
print("stranger", stranger.pid, flush=True)
signal.pause()
