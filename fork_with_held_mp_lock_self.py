import multiprocessing as mp, os, sys, time, threading, signal, socket, subprocess, queue, select, logging, random

def w(l):
    with l: pass
def main():
    l = mp.RLock()
    with l:
        p = mp.Process(target=w, args=(l,)); p.start(); p.join()

if __name__ == "__main__":
    if len(sys.argv) > 1: mp.set_start_method(sys.argv[1])
    main()
