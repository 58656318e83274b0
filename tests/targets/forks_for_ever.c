/* Families that are never caught by looking: each process forks one more and ends at once.

   usage: forks_for_ever FAMILIES MICROSECONDS   (of pause before each fork; all end after 30 s) */

#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int main(int count, char **arguments) {
    int families = atoi(arguments[1]);
    useconds_t pause_us = (useconds_t)atoi(arguments[2]);
    time_t until = time(NULL) + 30;
    signal(SIGTERM, SIG_IGN);
    for (int family = 0; family < families; family++) {
        if (fork() != 0)
            continue;
        while (time(NULL) < until) {
            usleep(pause_us);
            if (fork() != 0)  /* also where it failed: the machine is not to run out of pids */
                _exit(0);
        }
        _exit(0);
    }
    while (time(NULL) < until)
        sleep(1);
    return 0;
}
