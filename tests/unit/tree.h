/* SPDX-License-Identifier: MIT */
/* A recorded tree: a temporary folder that stands for /, made of a list of files. */
#pragma once

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* path NULL ends a list. A text that begins with "->" is what a link points to. */
struct tree_file {
        const char *path, *text;
};

struct tree {
        char path[64];
        int fd;
};

static inline void tree_open(struct tree *tree)
{
        snprintf(tree->path, sizeof(tree->path), "/tmp/vitrine-tree.XXXXXX");
        assert_non_null(mkdtemp(tree->path));
        tree->fd = open(tree->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
        assert_true(tree->fd >= 0);
}

static inline void tree_put_bytes(struct tree *tree, const char *path, const char *text, size_t n)
{
        char folder[128];
        FILE *f;
        int fd;

        for (const char *c = strchr(path, '/'); c; c = strchr(c + 1, '/')) {
                snprintf(folder, sizeof(folder), "%.*s", (int)(c - path), path);
                mkdirat(tree->fd, folder, 0755);
        }
        fd = openat(tree->fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
        assert_true(fd >= 0);
        f = fdopen(fd, "w");
        assert_int_equal(fwrite(text, 1, n, f), n);
        assert_int_equal(fclose(f), 0);
}

static inline void tree_put(struct tree *tree, const char *path, const char *text)
{
        if (strncmp(text, "->", 2) != 0) {
                tree_put_bytes(tree, path, text, strlen(text));
                return;
        }
        tree_put_bytes(tree, path, "", 0);
        assert_int_equal(unlinkat(tree->fd, path, 0), 0);
        assert_int_equal(symlinkat(text + 2, tree->fd, path), 0);
}

static inline void tree_fill(struct tree *tree, const struct tree_file *files)
{
        for (; files->path; files++)
                tree_put(tree, files->path, files->text);
}

static inline int tree_forget(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
        (void)st, (void)type, (void)ftw;
        return remove(path);
}

static inline void tree_close(struct tree *tree)
{
        close(tree->fd);
        assert_int_equal(nftw(tree->path, tree_forget, 8, FTW_DEPTH | FTW_PHYS), 0);
}
