/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "base/own.h"
#include "eye/reader.h"

enum { LEVELS_MAX = 33, SPACES_MAX = 256 };

/* What is known of the namespaces within one pass: a number may be given anew when one ends. */
struct spaces {
        struct {
                uint64_t ino;
                bool within;
        } v[SPACES_MAX];
        size_t n;
};

void reader_ns_want(struct reader *reader, uint64_t pidns)
{
        if (reader->pidns == pidns)
                return;
        reader->pidns = pidns;
        for (size_t i = 0; i < reader->n; i++)
                reader->v[i].ns = NS_UNKNOWN;
}

/* Whether the namespace at fd lies below the wanted one. The kernel names no parent above the caller's own.
 */
static bool lies_below(int fd, uint64_t wanted)
{
        own_fd int at = fcntl(fd, F_DUPFD_CLOEXEC, 0);

        for (int i = 0; i < LEVELS_MAX && at >= 0; i++) {
                int parent = ioctl(at, NS_GET_PARENT);
                struct stat st;

                fd_close(&at);
                at = parent;
                if (at >= 0 && fstat(at, &st) == 0 && st.st_ino == wanted)
                        return true;
        }
        return false;
}

/* A process that has ended meanwhile tells nothing of the namespace: of the others in it one is asked. */
static int where(const struct reader *reader, struct spaces *spaces, const char *path, uint64_t ino)
{
        own_fd int fd = -1;
        struct stat st;
        bool within;

        if (ino == reader->pidns)
                return NS_WITHIN;
        for (size_t i = 0; i < spaces->n; i++)
                if (spaces->v[i].ino == ino)
                        return spaces->v[i].within ? NS_WITHIN : NS_OUTSIDE;
        fd = openat(reader->proc_fd, path, O_RDONLY | O_CLOEXEC);
        if (fd < 0 || fstat(fd, &st) < 0 || st.st_ino != ino)
                return NS_DENIED;
        within = lies_below(fd, reader->pidns);
        if (spaces->n < SPACES_MAX) {
                spaces->v[spaces->n].ino = ino;
                spaces->v[spaces->n++].within = within;
        }
        return within ? NS_WITHIN : NS_OUTSIDE;
}

static void ask(const struct reader *reader, struct spaces *spaces, struct seen *row)
{
        struct stat st;
        char path[32];

        snprintf(path, sizeof(path), "%d/ns/pid", (int)row->proc.pid);
        row->ns = NS_DENIED;
        if (fstatat(reader->proc_fd, path, &st, 0) == 0)
                row->ns = where(reader, spaces, path, st.st_ino);
}

void reader_tie_ns(struct reader *reader)
{
        struct spaces spaces = { .n = 0 };
        struct stat own;

        /* Most are in this process's own, which lies below none that is looked at. */
        if (fstatat(reader->proc_fd, "self/ns/pid", &own, 0) == 0) {
                spaces.v[0].ino = own.st_ino;
                spaces.v[0].within = false;
                spaces.n = 1;
        }
        for (size_t i = 0; i < reader->n; i++) {
                struct seen *row = &reader->v[i];

                if (row->ns == NS_UNKNOWN || (row->ns == NS_DENIED && row->read == READ_DONE))
                        ask(reader, &spaces, row);
                row->tie = row->ns == NS_WITHIN ? TIE_YES : TIE_NO;
        }
        reader_bound_ties(reader);
}
