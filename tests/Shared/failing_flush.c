/*
 * Preloaded into a process, it makes flushes of the file named FAILING_FLUSH_FILE fail, as on a dying disk. The file FAILING_FLUSH holds one byte for
 * each flush that still succeeds; when it is empty, all fail; when it is missing, none does. The first failure creates FAILING_FLUSH.refused.
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
    const char *log = getenv("FAILING_FLUSH_FILE");
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (!log || length < 0) return 0;
    path[length] = 0;
    const char *name = strrchr(path, '/');
    return name && strcmp(name + 1, log) == 0;
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
