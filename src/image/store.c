/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "image/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "image/reference.h"
#include "image/store_dir.h"
#include "image/text_file.h"

static const char suffix[] = ".json";

/* What the file is called: / cannot be in a file's name, and % is in no image's. */
static char *file_of(const char *name)
{
        char *file = xasprintf("%s%s", name, suffix);

        for (char *c = file; *c; c++)
                if (*c == '/')
                        *c = '%';
        return file;
}

/* rmi finds an image by its full name: where a file is called otherwise, no word leads to it. */
static bool refuse(struct fault *fault, const char *folder, const char *file, const char *name,
                   const char *why)
{
        char step[sizeof(fault->step)], unused[REFERENCE_WHY];
        own_free char *full = reference_full(name, unused);

        snprintf(step, sizeof(step), "read the image %.100s", name);
        fault_why(fault, step, "%s", why);
        snprintf(fault->path, sizeof(fault->path), "%s/%s", folder, file);
        if (!full || strcmp(full, name) != 0)
                return fault_hint(fault,
                                  "look at the file, and remove it by its path: no image has such a name");
        return fault_hint(fault, "look at the file; vitrine rmi -f %.150s removes it", name);
}

static bool read_built(int dir_fd, const char *folder, const char *file, const char *name, struct built *ret,
                       struct fault *fault)
{
        own_free char *text = NULL;
        char why[BUILT_WHY];
        struct built built;

        if (!text_file_open(dir_fd, file, O_NOFOLLOW, file, &text, fault)) {
                struct fault cause = *fault;

                return refuse(fault, folder, file, name, cause.why[0] ? cause.why : strerror(cause.err));
        }
        if (!built_parse(text, &built, why))
                return refuse(fault, folder, file, name, why);
        if (strcmp(built.name, name) != 0) {
                built_finish(&built);
                return refuse(fault, folder, file, name, "the file says that it is another image");
        }
        *ret = built;
        return true;
}

enum store_answer store_read(const char *folder, const char *name, struct built *ret, struct fault *fault)
{
        own_free char *file = file_of(name);
        own_fd int dir_fd = -1;
        struct stat st;

        switch (store_dir_open(folder, &dir_fd, fault)) {
        case STORE_DIR_NONE:
                return STORE_NONE;
        case STORE_DIR_FAULT:
                return fault->err == EACCES ? STORE_NONE : STORE_FAULT;
        case STORE_DIR_OPEN:
                break;
        }
        if (fstatat(dir_fd, file, &st, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT)
                return STORE_NONE;
        return read_built(dir_fd, folder, file, name, ret, fault) ? STORE_FOUND : STORE_FAULT;
}

/* The text in a file of its own, on the disk before it takes the name: after a crash there is the old image
 * or the new one. */
static bool write_temporary(int dir_fd, const char *temporary, const char *text, struct fault *fault)
{
        own_fd int fd = openat(dir_fd, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

        if (fd < 0)
                return fault_errno(fault, "", "write the image");
        if (io_write_all(fd, text, strlen(text)) && fsync(fd) == 0)
                return true;
        fault_errno(fault, "", "write the image");
        unlinkat(dir_fd, temporary, 0);
        return false;
}

static bool replace(int dir_fd, const char *file, const char *text, struct fault *fault)
{
        char temporary[64];
        unsigned number = 0;

        if (getrandom(&number, sizeof(number), 0) != (ssize_t)sizeof(number))
                number = (unsigned)time(NULL);
        snprintf(temporary, sizeof(temporary), ".writing-%ld-%08x", (long)getpid(), number);
        if (!write_temporary(dir_fd, temporary, text, fault))
                return false;
        if (renameat(dir_fd, temporary, dir_fd, file) < 0) {
                fault_errno(fault, "", "write the image");
                unlinkat(dir_fd, temporary, 0);
                return false;
        }
        /* Some file systems cannot sync a folder, and have done all that they can. */
        if (fsync(dir_fd) < 0 && errno != EINVAL)
                return fault_errno(fault, "", "write the image");
        return true;
}

/* What is there and cannot be read may be of worth to somebody: it is not written over. */
static bool check_old(int dir_fd, const char *folder, const char *file, const char *name, struct fault *fault)
{
        struct built old;
        struct stat st;

        if (fstatat(dir_fd, file, &st, AT_SYMLINK_NOFOLLOW) < 0)
                return errno == ENOENT || fault_errno(fault, file, "write the image");
        if (!read_built(dir_fd, folder, file, name, &old, fault))
                return false;
        built_finish(&old);
        return true;
}

bool store_write(const char *folder, const struct built *built, struct fault *fault)
{
        own_free char *file = file_of(built->name), *text = NULL;
        own_fd int dir_fd = -1;
        jv dumped;

        dumped = jv_dump_string(built_json(built), JV_PRINT_PRETTY | JV_PRINT_SPACE1);
        text = xasprintf("%s\n", jv_string_value(dumped));
        jv_free(dumped);
        if (strlen(text) > TEXT_FILE_MAX)
                return fault_why(fault, "write the image", "its configuration is larger than 1 MiB");
        if (!store_dir_make(folder, &dir_fd, fault) || !check_old(dir_fd, folder, file, built->name, fault))
                return false;
        store_dir_tidy(dir_fd);
        if (replace(dir_fd, file, text, fault))
                return true;
        snprintf(fault->path, sizeof(fault->path), "%s/%s", folder, file);
        return false;
}

enum store_answer store_remove(const char *folder, const char *name, bool force, struct fault *fault)
{
        own_free char *file = file_of(name);
        own_fd int dir_fd = -1;
        struct stat st;

        switch (store_dir_open(folder, &dir_fd, fault)) {
        case STORE_DIR_NONE:
                return STORE_NONE;
        case STORE_DIR_FAULT:
                return STORE_FAULT;
        case STORE_DIR_OPEN:
                break;
        }
        if (fstatat(dir_fd, file, &st, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT)
                return STORE_NONE;
        if (!force && !check_old(dir_fd, folder, file, name, fault))
                return STORE_FAULT;
        if (unlinkat(dir_fd, file, 0) < 0) {
                fault_errno(fault, "", "remove the image %.100s", name);
                snprintf(fault->path, sizeof(fault->path), "%s/%s", folder, file);
                return fault->err == ENOENT ? STORE_NONE : STORE_FAULT;
        }
        return STORE_FOUND;
}

static int compare(const void *a, const void *b)
{
        return strcmp(((const struct built *)a)->name, ((const struct built *)b)->name);
}

/* One file of the folder, as an image or as a fault. */
static void list_file(int dir_fd, const char *folder, const char *file, struct store_list *list)
{
        size_t n = strlen(file), end = strlen(suffix);
        own_free char *name = NULL;
        struct built built;
        struct fault fault = { 0 };

        if (n <= end || strcmp(file + n - end, suffix) != 0)
                return;
        name = xstrndup(file, n - end);
        for (char *c = name; *c; c++)
                if (*c == '%')
                        *c = '/';
        if (read_built(dir_fd, folder, file, name, &built, &fault)) {
                list->images = xrealloc(list->images, list->n + 1, sizeof(*list->images));
                list->images[list->n++] = built;
        } else if (fault.err != ENOENT) {
                list->broken = xrealloc(list->broken, list->n_broken + 1, sizeof(*list->broken));
                list->broken[list->n_broken++] = fault;
        }
}

bool store_list(const char *folder, struct store_list *ret, struct fault *fault)
{
        struct store_list list = { 0 };
        struct strv files = { 0 };
        own_fd int dir_fd = -1;

        switch (store_dir_open(folder, &dir_fd, fault)) {
        case STORE_DIR_NONE:
                *ret = list;
                return true;
        case STORE_DIR_FAULT:
                return false;
        case STORE_DIR_OPEN:
                break;
        }
        if (!store_dir_files(dir_fd, &files))
                return fault_errno(fault, folder, "read the folder of images");
        for (size_t i = 0; i < files.n; i++)
                list_file(dir_fd, folder, files.v[i], &list);
        strv_finish(&files);
        if (list.n)
                qsort(list.images, list.n, sizeof(*list.images), compare);
        *ret = list;
        return true;
}

void store_list_finish(struct store_list *list)
{
        for (size_t i = 0; i < list->n; i++)
                built_finish(&list->images[i]);
        free(list->images);
        free(list->broken);
        *list = (struct store_list){ 0 };
}
