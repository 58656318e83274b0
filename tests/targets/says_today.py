"""What multiprocessing says and does since Python 3.14, by the start method named first.

Printed, to be compared with and without the probe. A second word is what the forkserver does about
a module that it cannot load beforehand.
"""

import concurrent.futures
import multiprocessing
import multiprocessing.shared_memory
import os
import sys
import warnings

warnings.simplefilter("always")


def die(_):
    os._exit(7)


def whoami(number):
    process = multiprocessing.current_process()
    return number, process.name.rpartition("-")[0], multiprocessing.parent_process().name


def nested(method, answers):
    inner = multiprocessing.get_context(method).Process(target=answers.put, args=("inner",))
    inner.start()
    inner.join()
    answers.put(inner.exitcode)


def see(name):
    block = multiprocessing.shared_memory.SharedMemory(name, track=False)
    block.buf[0] += 1
    block.close()


def main(method, on_error):
    context = multiprocessing.get_context(method)
    if on_error:
        context.set_forkserver_preload(["no_such_module"], on_error=on_error)
    try:
        with concurrent.futures.ProcessPoolExecutor(1, context) as executor:
            executor.submit(die, 0).result()
    except concurrent.futures.process.BrokenProcessPool as error:
        print(error)  # whether it knows the exit code depends on who is quicker
    except (EOFError, ConnectionError):
        # Which one, and whether it bears a note, depends on how soon the server has ended.
        print("there is no forkserver")
        return
    with context.Pool(1, maxtasksperchild=1) as pool:
        print(pool.map(whoami, range(3), chunksize=1), list(pool.imap(whoami, range(2))))
    if method != "fork":
        with concurrent.futures.ProcessPoolExecutor(1, context, max_tasks_per_child=1) as executor:
            print(list(executor.map(whoami, range(3), buffersize=2)))
    answers = context.Queue()
    outer = context.Process(target=nested, args=(method, answers), kwargs=None)
    outer.start()
    print(answers.get(), answers.get())
    outer.join()
    block = multiprocessing.shared_memory.SharedMemory(create=True, size=10, track=False)
    child = context.Process(target=see, args=(block.name,), name="seer")
    child.start()
    child.join()
    print(block.buf[0], child.exitcode, repr(child))
    block.close()
    block.unlink()
    with context.Manager() as manager:
        bag = manager.set("ab")
        bag ^= {"b", "c"}
        print(sorted(bag), type(bag), manager.list([3, 1]).copy())
    print(multiprocessing.get_all_start_methods())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "")
