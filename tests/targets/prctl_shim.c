/* Preloaded: writes down whom a process lets look into itself, "pid tracer" a line, into the file
 * that PRCTL_LOG names, and says that all is well, as a kernel with yama would. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int prctl(int option, ...)
{
    unsigned long value[4];
    va_list arguments;
    va_start(arguments, option);
    for (int i = 0; i < 4; i++)
        value[i] = va_arg(arguments, unsigned long);
    va_end(arguments);
    if (option != PR_SET_PTRACER)
        return syscall(SYS_prctl, option, value[0], value[1], value[2], value[3]);
    char line[64];
    int length = snprintf(line, sizeof line, "%d %lu\n", (int)getpid(), value[0]);
    int file = open(getenv("PRCTL_LOG"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    length = write(file, line, length) == length;
    close(file);
    return length ? 0 : -1;
}
