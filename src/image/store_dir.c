/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "image/store_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/own.h"
#include "image/store.h"

enum { STALE_S = 24 * 60 * 60 };

bool store_folder(char **ret, struct fault *fault)
{
        const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");

        /* A path that is not absolute is to be passed over (XDG base directory specification). */
        if (data && *data == '/') {
                *ret = xasprintf("%s/vitrine/images", data);
                return true;
        }
        if (home && *home == '/') {
                *ret = xasprintf("%s/.local/share/vitrine/images", home);
                return true;
        }
        fault_why(fault, "find the folder of images", "neither HOME nor XDG_DATA_HOME is set");
        return fault_hint(fault, "XDG_DATA_HOME=/some/folder names one");
}

static bool refuse(struct fault *fault, const char *folder, const char *why, const char *hint)
{
        fault_why(fault, "open the folder of images", "%s", why);
        snprintf(fault->path, sizeof(fault->path), "%s", folder);
        return fault_hint(fault, "%s", hint);
}

/* Whoever may write there decides what a container runs as. */
static bool check_owner(int fd, const char *folder, struct fault *fault)
{
        struct stat st;

        if (fstat(fd, &st) < 0)
                return fault_errno(fault, folder, "open the folder of images");
        if (geteuid() == 0 && st.st_uid == 0 && (st.st_mode & 077) && fchmod(fd, 0700) == 0)
                return true;
        if (st.st_mode & S_IWOTH)
                return refuse(fault, folder, "everybody may write there", "chmod 700 takes that away");
        if (geteuid() != 0 && st.st_uid != 0 && st.st_uid != geteuid())
                return refuse(fault, folder, "it belongs to somebody else",
                              "set XDG_DATA_HOME to a folder of yours");
        return true;
}

enum store_dir store_dir_open(const char *folder, int *ret_fd, struct fault *fault)
{
        own_fd int fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

        if (fd < 0 && errno == ENOENT)
                return STORE_DIR_NONE;
        if (fd < 0) {
                fault_errno(fault, folder, "open the folder of images");
                return STORE_DIR_FAULT;
        }
        if (!check_owner(fd, folder, fault))
                return STORE_DIR_FAULT;
        *ret_fd = take_fd(&fd);
        return STORE_DIR_OPEN;
}

bool store_dir_make(const char *folder, int *ret_fd, struct fault *fault)
{
        own_free char *path = xstrdup(folder);

        for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
                *slash = '\0';
                if (mkdir(path, 0700) < 0 && errno != EEXIST && access(path, F_OK) < 0)
                        return fault_errno(fault, path, "make the folder of images");
                *slash = '/';
        }
        if (mkdir(path, 0700) < 0 && errno != EEXIST)
                return fault_errno(fault, path, "make the folder of images");
        switch (store_dir_open(folder, ret_fd, fault)) {
        case STORE_DIR_OPEN:
                return true;
        case STORE_DIR_NONE:
                errno = ENOENT;
                return fault_errno(fault, folder, "open the folder of images");
        case STORE_DIR_FAULT:
                break;
        }
        return false;
}

/* The names in it; dot: those that begin with one, else the others. */
static bool read_names(int fd, bool dot, struct strv *ret)
{
        own_fd int again = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR *dir = again < 0 ? NULL : fdopendir(again);
        struct dirent *entry;
        int err;

        if (!dir)
                return false;
        (void)take_fd(&again); /* dir's now */
        for (errno = 0; (entry = readdir(dir)); errno = 0)
                if ((entry->d_name[0] == '.') == dot)
                        strv_add(ret, entry->d_name);
        err = errno;
        closedir(dir);
        errno = err;
        return err == 0;
}

static int compare(const void *a, const void *b)
{
        return strcmp(*(char *const *)a, *(char *const *)b);
}

bool store_dir_files(int fd, struct strv *ret)
{
        struct strv files = { 0 };

        if (!read_names(fd, false, &files)) {
                strv_finish(&files);
                return false;
        }
        if (files.n)
                qsort(files.v, files.n, sizeof(*files.v), compare);
        *ret = files;
        return true;
}

void store_dir_tidy(int fd)
{
        struct strv names = { 0 };
        struct stat st;

        if (read_names(fd, true, &names))
                for (size_t i = 0; i < names.n; i++)
                        if (strncmp(names.v[i], ".writing-", 9) == 0 &&
                            fstatat(fd, names.v[i], &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
                            st.st_mtime + STALE_S < time(NULL))
                                unlinkat(fd, names.v[i], 0);
        strv_finish(&names);
}
