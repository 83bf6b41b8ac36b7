/*
 * Preloaded into a process, it refuses to flush the log of the journal, as a disk does that dies: the file FAILING_FLUSH has a byte for each flush
 * that still succeeds, and stands for none when it is empty. Without the file every flush succeeds. The first refusal makes FAILING_FLUSH.refused.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int is_log(int fd)
{
    static const char log[] = "/journal.db-wal";
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < (ssize_t)(sizeof log - 1)) return 0;
    path[length] = 0;
    return strcmp(path + length - (sizeof log - 1), log) == 0;
}

static int refuses(int fd)
{
    const char *budget = getenv("FAILING_FLUSH");
    struct stat left;
    if (!budget || !is_log(fd) || stat(budget, &left) != 0) return 0;
    if (left.st_size > 0) return truncate(budget, left.st_size - 1) != 0;

    char told[4096];
    snprintf(told, sizeof told, "%s.refused", budget);
    int file = open(told, O_CREAT | O_WRONLY, 0600);
    if (file >= 0) close(file);
    errno = EIO;
    return 1;
}

int fsync(int fd)
{
    return refuses(fd) ? -1 : ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(fd);
}

int fdatasync(int fd)
{
    return refuses(fd) ? -1 : ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(fd);
}
