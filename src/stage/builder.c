/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "stage/builder.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/helper.h"
#include "base/io.h"
#include "base/own.h"
#include "image/store.h"

enum { OUTPUT_BYTES = 16 * 1024, REMOVE_FDS = 8 };

bool builder_is_line(const struct strv *words)
{
        static const char *const engines[] = { "docker", "podman", "vitrine" };

        for (size_t i = 0; words->n > 1 && i < sizeof(engines) / sizeof(engines[0]); i++)
                if (strcmp(words->v[0], engines[i]) == 0)
                        return strcmp(words->v[1], "build") == 0;
        return false;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
        (void)st, (void)kind, (void)ftw;
        return remove(path);
}

/* A folder that only this program and its child write to. */
static void remove_folder(char **folder)
{
        if (!*folder)
                return;
        nftw(*folder, remove_one, REMOVE_FDS, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
        free(take_ptr(*folder));
}

static bool write_text(const char *path, const char *text)
{
        own_fd int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

        return fd >= 0 && io_write_all(fd, text, strlen(text));
}

static bool make_folder(struct builder *builder, const char *dockerfile, struct fault *fault)
{
        const char *tmp = getenv("TMPDIR");
        own_free char *file = NULL, *folder = NULL;

        folder = xasprintf("%s/vitrine-build.XXXXXX", tmp && *tmp == '/' ? tmp : "/tmp");
        if (!mkdtemp(folder))
                return fault_errno(fault, folder, "make a folder to build in");
        builder->folder = take_ptr(folder);
        file = xasprintf("%s/Dockerfile", builder->folder);
        return write_text(file, dockerfile) || fault_errno(fault, file, "write the Dockerfile");
}

/* The environment, but for where images are kept. */
static void make_environment(const struct builder *builder, struct strv *ret)
{
        for (char *const *at = environ; *at; at++)
                if (!builder->folder || strncmp(*at, "XDG_DATA_HOME=", 14) != 0)
                        strv_add(ret, *at);
        if (builder->folder)
                strv_add_take(ret, xasprintf("XDG_DATA_HOME=%s/data", builder->folder));
}

static int spawn(struct builder *builder, int out)
{
        posix_spawn_file_actions_t actions;
        posix_spawnattr_t attr;
        struct strv argv = { 0 }, environment = { 0 };
        int err;

        strv_add(&argv, "vitrine");
        for (size_t i = 1; i < builder->words.n; i++)
                strv_add(&argv, builder->words.v[i]);
        make_environment(builder, &environment);
        posix_spawn_file_actions_init(&actions);
        helper_attributes(&attr, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF);
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(&actions, out, 1);
        posix_spawn_file_actions_adddup2(&actions, out, 2);
        if (builder->folder)
                posix_spawn_file_actions_addchdir_np(&actions, builder->folder);
        err = posix_spawn(&builder->pid, "/proc/self/exe", &actions, &attr, argv.v, environment.v);
        posix_spawn_file_actions_destroy(&actions);
        posix_spawnattr_destroy(&attr);
        strv_finish(&argv);
        strv_finish(&environment);
        return err;
}

/* A lesson brings no folder of the machine into its container. */
static bool is_own(struct builder *builder, const struct store_list *list)
{
        for (size_t i = 0; i < list->n; i++)
                if (*list->images[i].root) {
                        str_finish(&builder->output);
                        str_add(&builder->output, "a lesson takes no folder of this machine: FROM dir:");
                        return false;
                }
        return true;
}

/* What was built goes from the folder to the shelf. */
static bool collect(struct builder *builder)
{
        own_free char *data = xasprintf("%s/data/vitrine/images", builder->folder);
        struct store_list list;
        struct fault fault = { 0 };
        bool own;

        if (!store_list(data, &list, &fault))
                return false;
        own = is_own(builder, &list);
        for (size_t i = 0; own && i < list.n; i++) {
                struct built copy;

                built_copy(&copy, &list.images[i]);
                shelf_put(builder->shelf, &copy);
        }
        store_list_finish(&list);
        return own;
}

static void end(struct builder *builder)
{
        int status = 0;

        loop_forget(builder->loop, builder->out_fd);
        fd_close(&builder->out_fd);
        while (waitpid(builder->pid, &status, 0) < 0 && errno == EINTR)
                ;
        builder->pid = 0;
        builder->ended = true;
        builder->ok = WIFEXITED(status) && WEXITSTATUS(status) == 0 && (!builder->folder || collect(builder));
        remove_folder(&builder->folder);
        builder->changed(builder->data);
}

/* The output's end is the program's: it starts nothing that stays. */
static void on_output(void *data, int fd, short events)
{
        struct builder *builder = data;
        char bytes[4096];
        ssize_t n = read(fd, bytes, sizeof(bytes));

        (void)events;
        if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
                end(builder);
        else if (n > 0 && builder->output.len + (size_t)n < OUTPUT_BYTES)
                str_add_n(&builder->output, bytes, (size_t)n);
}

bool builder_start(struct builder *builder, const struct strv *words, const char *dockerfile,
                   struct image_shelf *shelf, struct fault *fault)
{
        own_fd int out = -1;
        int ends[2], err;

        if (builder->pid)
                return fault_why(fault, "build", "the last build is still under way");
        builder->ended = builder->ok = false;
        builder->shelf = shelf;
        str_finish(&builder->output);
        strv_finish(&builder->words);
        strv_copy(&builder->words, words);
        if (dockerfile && !make_folder(builder, dockerfile, fault)) {
                remove_folder(&builder->folder);
                return false;
        }
        if (pipe2(ends, O_CLOEXEC) < 0) {
                fault_errno(fault, "", "make a pipe");
                remove_folder(&builder->folder);
                return false;
        }
        builder->out_fd = ends[0];
        out = ends[1];
        fcntl(builder->out_fd, F_SETFL, O_NONBLOCK);
        err = spawn(builder, out);
        if (err) {
                builder->pid = 0;
                fd_close(&builder->out_fd);
                remove_folder(&builder->folder);
                errno = err;
                return fault_errno(fault, "", "start the build");
        }
        loop_watch(builder->loop, builder->out_fd, POLLIN, on_output, builder);
        return true;
}

bool builder_is_busy(const struct builder *builder)
{
        return builder->pid != 0;
}

char *builder_said(const struct builder *builder)
{
        const char *text = str_text(&builder->output);

        if (strncmp(text, "vitrine: ", 9) == 0)
                text += 9;
        return xstrndup(text, strcspn(text, "\n"));
}

void builder_finish(struct builder *builder)
{
        if (builder->pid) {
                loop_forget(builder->loop, builder->out_fd);
                kill(builder->pid, SIGKILL);
                while (waitpid(builder->pid, NULL, 0) < 0 && errno == EINTR)
                        ;
                builder->pid = 0;
        }
        fd_close(&builder->out_fd);
        remove_folder(&builder->folder);
        strv_finish(&builder->words);
        str_finish(&builder->output);
}
