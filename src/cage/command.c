/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/child.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"

/* A folder as the image itself would find it. No magic link of /proc: those lead out through a descriptor or
 * another process's root, and this runs with all of root's capabilities. */
static int open_inside(const char *path)
{
        struct open_how how = { .flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
                                .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS };
        own_fd int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

        return root < 0 ? -1 : (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
}

static bool opens_inside(const char *path)
{
        own_fd int fd = open_inside(path);

        return fd >= 0;
}

bool child_make_workdir(struct child *child)
{
        const char *workdir = child->plan->workdir;
        char path[4096];
        struct stat st;

        if (strlen(workdir) >= sizeof(path)) {
                errno = ENAMETOOLONG;
                return fault_errno(&child->fault, "", "enter the working directory");
        }
        for (size_t n = 1; n <= strlen(workdir); n++) {
                own_fd int parent = -1;
                char *slash;

                if (workdir[n] != '/' && workdir[n] != '\0')
                        continue;
                snprintf(path, n + 1, "%s", workdir);
                slash = strrchr(path, '/');
                *slash = '\0';
                parent = open_inside(*path ? path : "/");
                if (parent < 0)
                        return true; /* entering it will say why */
                if (!slash[1] || mkdirat(parent, slash + 1, 0755) == 0 || errno != EEXIST ||
                    fstatat(parent, slash + 1, &st, AT_SYMLINK_NOFOLLOW) < 0)
                        continue;
                *slash = '/';
                if (!S_ISDIR(st.st_mode) && (!S_ISLNK(st.st_mode) || !opens_inside(path)))
                        return fault_why(&child->fault, "make the working directory", "%s is not a directory",
                                         path);
        }
        return true;
}

bool child_enter_workdir(struct child *child)
{
        char where[4096];

        own_fd int fd = open_inside(child->plan->workdir);

        if (fd < 0 || fchdir(fd) < 0)
                return fault_errno(&child->fault, child->plan->workdir, "enter the working directory");
        /* A directory outside the root (CVE-2024-21626) reads as "(unreachable)/…". */
        if (!getcwd(where, sizeof(where)))
                return fault_errno(&child->fault, child->plan->workdir, "enter the working directory");
        if (where[0] != '/')
                return fault_why(&child->fault, "enter the working directory",
                                 "%.100s lies outside the container", child->plan->workdir);
        return true;
}

static bool command_fault(struct child *child, int err, int exit_code)
{
        char step[128];

        snprintf(step, sizeof(step), "run %s", child->plan->argv.v[0]);
        if (exit_code == EXIT_NOT_FOUND)
                fault_why(&child->fault, step,
                          strchr(step + 4, '/') ? "not found in the container"
                                                : "not found in the container's PATH");
        else
                fault_why(&child->fault, step, "%s", strerror(err));
        child->fault.err = err;
        return fault_exit(&child->fault, exit_code);
}

bool child_exec_fault(struct child *child)
{
        int err = errno;

        return command_fault(child, err, err == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXEC);
}

/* 0 when path can be executed, else an errno. */
static int try_command(const char *path)
{
        struct stat st;

        if (stat(path, &st) < 0)
                return errno;
        if (S_ISDIR(st.st_mode) || !(st.st_mode & 0111))
                return EACCES;
        return 0;
}

bool child_find_command(struct child *child, char *path, size_t size)
{
        const char *name = child->plan->argv.v[0], *dirs = "";
        int err = ENOENT;

        if (strchr(name, '/')) {
                snprintf(path, size, "%s", name);
                err = strlen(name) < size ? try_command(path) : ENAMETOOLONG;
                if (err)
                        command_fault(child, err,
                                      err == ENOENT || err == ENOTDIR ? EXIT_NOT_FOUND : EXIT_NOT_EXEC);
                return err == 0;
        }
        for (size_t i = 0; i < child->plan->env.n; i++)
                if (strncmp(child->plan->env.v[i], "PATH=", 5) == 0)
                        dirs = child->plan->env.v[i] + 5;
        while (*name && *dirs) {
                size_t n = strcspn(dirs, ":");

                if (snprintf(path, size, "%.*s%s%s", (int)n, dirs, n ? "/" : "./", name) < (int)size &&
                    (err = try_command(path)) == 0)
                        return true;
                /* Not that it is not there: the next folder's may be another command. */
                if (err != ENOENT && err != ENOTDIR && err != EACCES && err != ELOOP && err != ENAMETOOLONG)
                        return command_fault(child, err, EXIT_NOT_EXEC);
                dirs += n + (dirs[n] == ':');
        }
        return command_fault(child, ENOENT, EXIT_NOT_FOUND);
}
