"""A small factory for pictures: three stages, a pool, two queues and a lock.

    fetch --> [queue: fetched] --> develop (a pool of 3) --> [queue: developed] --> catalogue

Watch for about a minute. The fetcher is quick, so the first queue fills up and holds it back. The
pool does the real work and keeps the processor busy. Some photos turn out badly and give a WARNING
or an ERROR; the program goes on. Every fifth photo is printed, a few lines that a lock keeps
together. The progress is one line that is rewritten again and again.

End one of its processes, and it makes do: what a developer had in hand is developed again, what is
on the card of a lost fetcher is left, and a printer that was lost in the middle is not waited for.

    python image_pipeline.py [--photos 120] [--width 300]

The photos are made up: each is a piece of the Mandelbrot set, blurred, and signed with a checksum.
"""

import argparse
import hashlib
import multiprocessing
import os
import queue
import random
import sys
import time

PLACES = ["Aalborg", "Łódź", "Málaga", "Tromsø", "İzmir", "京都", "Αθήνα", "Київ"]
DEVELOPERS = 3
SHADES = " .:-=+*#%@"
LAST = None  # what goes through a queue after the last photo
PATIENCE = 3  # seconds to wait for the printer before making do without

# In a terminal the progress and the log share the screen: each line of the log first wipes away
# the progress, which is drawn again below it.
WIPE = "\r\033[K" if sys.stdout.isatty() and sys.stderr.isatty() else ""


def say(level, text):
    """One line of the log. A single write keeps lines of several processes apart."""
    colour = {"INFO": "\033[32m", "WARNING": "\033[33m", "ERROR": "\033[31m"}[level]
    sys.stdout.write(f"{WIPE}{colour}{level:<7}\033[0m {text}\n")
    sys.stdout.flush()


# --- stage 1: fetch ----------------------------------------------------------------------------


def fetch(count, fetched):
    """Put `count` photos into the queue; wait whenever it is full."""
    dice = random.Random(7)  # the same photos in each run
    held_back = False
    say("INFO", f"fetcher {os.getpid()}: {count} photos on the card")
    for number in range(1, count + 1):
        time.sleep(dice.uniform(0.05, 0.25))  # a slow card reader
        photo = {
            "number": number,
            "title": f"{dice.choice(PLACES)} {number:03}",
            "centre": (dice.uniform(-1.6, 0.4), dice.uniform(-0.9, 0.9)),
            "zoom": dice.uniform(0.3, 2),
            "readable": dice.random() > 0.06,
        }
        if fetched.full() and not held_back:  # say it once, not for each photo
            say("WARNING", f"fetcher: the developers are busy, {photo['title']} has to wait")
        held_back = fetched.full()
        fetched.put(photo)
        say("INFO", f"fetched {photo['title']}")
    fetched.put(LAST)


# --- stage 2: develop, in the workers of a pool ------------------------------------------------


def equip(lock):
    """Runs once in each worker of the pool: a lock can't be sent with a task, but it can here."""
    global printer
    printer = lock


def develop(photo, width):
    """Turn one photo into rows of grey values. This is where the processor gets warm."""
    started = time.perf_counter()
    if not photo["readable"]:
        raise ValueError(f"{photo['title']} is damaged")
    picture = blur(expose(photo["centre"], photo["zoom"], width))
    data = bytes(grey for row in picture for grey in row)
    if photo["number"] % 5 == 0:
        # There is one printer for all, and a picture is many lines. Who died while it printed
        # has kept the lock.
        if printer.acquire(timeout=PATIENCE):
            try:
                print_picture(photo["title"], picture)
            finally:
                printer.release()
        else:
            say("WARNING", f"the printer is not given back, {photo['title']} is not printed")
    return {
        "title": photo["title"],
        "checksum": hashlib.sha256(data).hexdigest()[:8],
        "brightness": sum(data) / len(data),
        "seconds": time.perf_counter() - started,
        "pid": os.getpid(),
    }


def expose(centre, zoom, width):
    """A piece of the Mandelbrot set: `width` columns, half as many rows, greys from 0 to 255."""
    height = width // 2
    picture = []
    for y in range(height):
        row = []
        for x in range(width):
            point = complex(
                centre[0] + (x / width - 0.5) * zoom, centre[1] + (y / height - 0.5) * zoom
            )
            z, steps = 0j, 0
            while abs(z) < 2 and steps < 255:
                z = z * z + point
                steps += 1
            row.append(steps)
        picture.append(row)
    return picture


def blur(picture):
    """Each value becomes the mean of itself and its neighbours."""
    height, width = len(picture), len(picture[0])
    return [
        [
            sum(
                picture[(y + dy) % height][(x + dx) % width]
                for dy in (-1, 0, 1)
                for dx in (-1, 0, 1)
            )
            // 9
            for x in range(width)
        ]
        for y in range(height)
    ]


def print_picture(title, picture):
    """Six lines of characters, from light to dark."""
    height, width = len(picture), len(picture[0])
    say("INFO", f"printing {title}")
    for line in range(6):
        row = picture[line * height // 6]
        greys = [row[column * width // 48] for column in range(48)]
        shades = [SHADES[int((len(SHADES) - 1) * (grey / 255) ** 0.4)] for grey in greys]
        sys.stdout.write(f"{WIPE}    {''.join(shades)}\n")
        sys.stdout.flush()
        time.sleep(0.02)  # printers are slow


# --- stage 3: catalogue ------------------------------------------------------------------------


def catalogue(count, developed):
    """Sort what was developed into the album, and keep the progress line up to date."""
    album = {}
    say("INFO", f"cataloguer {os.getpid()}: the album is open")
    for done, result in enumerate(iter(developed.get, LAST), start=1):
        if "trouble" in result:
            say("ERROR", f"catalogue: {result['trouble']}, left out")
        else:
            if result["brightness"] > 200:
                say("WARNING", f"catalogue: {result['title']} is overexposed")
            album[result["title"]] = result["checksum"]
            say("INFO", f"catalogued {result['title']} as {result['checksum']}")
        show_progress(done, count)
    say("INFO", f"cataloguer: {len(album)} of {count} photos are in the album")


def show_progress(done, count):
    """`\\r` goes back to the start of the line, so the next progress is written over this one."""
    full = 30 * done // count
    bar = "#" * full + "." * (30 - full)
    sys.stderr.write(f"\r[{bar}] {done}/{count} photos")
    if done == count:
        sys.stderr.write("\n")
    sys.stderr.flush()


# --- the factory -------------------------------------------------------------------------------


def developers():
    """The pids of the pool's workers: of all children, they alone are daemons."""
    return {child.pid for child in multiprocessing.active_children() if child.daemon}


def photos_from(fetched, fetcher):
    """What comes from the fetcher, to the last photo or as long as there is one."""
    while True:
        try:
            photo = fetched.get(timeout=1)
        except queue.Empty:
            if fetcher.is_alive() or not fetched.empty():
                continue
            say("ERROR", "factory: the fetcher is gone, the rest stays on the card")
            return
        if photo is LAST:
            return
        yield photo


def run_pool(fetched, fetcher, developed, lock, width):
    """Hand each fetched photo to the pool; what comes back goes on to the cataloguer.

    Returns how many seconds each worker was busy, by pid. At most 2 photos a worker are under
    way: without such a limit, the pool would swallow the whole queue at once, and nothing would
    hold the fetcher back.
    """
    busy_seconds = {}
    under_way = []

    def ask_for(photo):
        team = developers()  # before: one who dies with it at once must be missed
        return photo, pool.apply_async(develop, (photo, width)), team

    def hand_on(photo, promise, team):
        promise.wait(1)
        while not promise.ready():
            # When a developer dies, a pool takes on another, but what that one had in hand is
            # lost. Whose it was nobody knows; to develop a photo twice does no harm.
            if not team <= developers():
                say("WARNING", f"factory: somebody has died, {photo['title']} is developed again")
                photo, promise, team = ask_for(photo)
            promise.wait(1)
        try:
            result = promise.get()  # raises here what went wrong there
        except ValueError as error:
            developed.put({"trouble": str(error)})
        else:
            busy_seconds[result["pid"]] = busy_seconds.get(result["pid"], 0) + result["seconds"]
            developed.put(result)

    with multiprocessing.Pool(DEVELOPERS, equip, (lock,)) as pool:
        for photo in photos_from(fetched, fetcher):
            under_way.append(ask_for(photo))
            if len(under_way) >= 2 * DEVELOPERS:
                hand_on(*under_way.pop(0))
        for each in under_way:
            hand_on(*each)
    # Everything is back, so the workers may be ended. (Not with close() and join(), which would
    # wait for a task that was lost.)
    developed.put(LAST)
    return busy_seconds


def main():
    parser = argparse.ArgumentParser(description="A small factory for pictures.")
    parser.add_argument("--photos", type=int, default=120, help="how many (default: 120)")
    parser.add_argument("--width", type=int, default=300, help="pixels a row (default: 300)")
    options = parser.parse_args()

    started = time.perf_counter()
    say("INFO", f"factory {os.getpid()} opens")

    fetched = multiprocessing.Queue(maxsize=5)
    developed = multiprocessing.Queue()
    lock = multiprocessing.Lock()
    fetcher = multiprocessing.Process(target=fetch, args=(options.photos, fetched), name="fetcher")
    cataloguer = multiprocessing.Process(
        target=catalogue, args=(options.photos, developed), name="cataloguer"
    )
    fetcher.start()
    cataloguer.start()

    busy_seconds = run_pool(fetched, fetcher, developed, lock, options.width)

    fetcher.join()
    cataloguer.join()
    if cataloguer.exitcode:
        say("ERROR", "factory: the cataloguer is gone, and the album with it")
    for pid, seconds in sorted(busy_seconds.items()):
        say("INFO", f"developer {pid} was busy for {seconds:.1f} s")
    say("INFO", f"factory closes after {time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    main()
