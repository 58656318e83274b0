"""Starts /bin/true so many times a second, for so many seconds.

python forks.py RATE SECONDS
"""

import subprocess
import sys
import time

rate, seconds = float(sys.argv[1]), float(sys.argv[2])
began = time.monotonic()
for number in range(int(rate * seconds)):
    subprocess.run(["/bin/true"], check=False)
    time.sleep(max(0.0, began + (number + 1) / rate - time.monotonic()))
