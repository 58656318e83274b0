/* Families that are never caught by looking: each process forks one more and ends at once.

   usage: forks_for_ever FAMILIES MICROSECONDS   (of pause before each fork; all end after 30 s)

   Who takes the dead away may be slow on a busy machine. Where so many lie there, a family waits:
   with the last pid gone, no program on this machine could start a thread or a process. */

#include <signal.h>
#include <stdlib.h>
#include <sys/sysinfo.h>
#include <time.h>
#include <unistd.h>

static const short MOST = 8000; /* more tasks on the machine than at first, the dead included */

static unsigned short tasks(void) {
    struct sysinfo now;
    return sysinfo(&now) == 0 ? now.procs : 0;
}

int main(int count, char **arguments) {
    int families = atoi(arguments[1]);
    useconds_t pause_us = (useconds_t)atoi(arguments[2]);
    time_t until = time(NULL) + 30;
    unsigned short at_first = tasks();
    signal(SIGTERM, SIG_IGN);
    for (int family = 0; family < families; family++) {
        if (fork() != 0)
            continue;
        while (time(NULL) < until) {
            usleep(pause_us);
            if ((short)(tasks() - at_first) > MOST)
                continue;
            if (fork() != 0)  /* also where it failed */
                _exit(0);
        }
        _exit(0);
    }
    while (time(NULL) < until)
        sleep(1);
    return 0;
}
