/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "lesson/list.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "caps/near.h"

char *lesson_dir(void)
{
        return io_beside("lessons", R_OK | X_OK, PKGDATADIR);
}

static int compare(const void *a, const void *b)
{
        const struct lesson_entry *x = a, *y = b;

        /* Without a number: behind those that have one. */
        if (x->number != y->number)
                return x->number - 1 < y->number - 1 ? -1 : 1;
        return strcmp(x->name, y->name);
}

static size_t stem(const char *file)
{
        size_t n = strlen(file);

        return n > 3 && strcmp(file + n - 3, ".md") == 0 ? n - 3 : 0;
}

static void add(struct lesson_list *list, const char *file)
{
        size_t n = stem(file), digits = strspn(file, "0123456789");
        struct lesson_entry *entry;

        if (n == 0 || file[0] == '.' || strncasecmp(file, "README", 6) == 0)
                return;
        list->v = xrealloc(list->v, list->n + 1, sizeof(*list->v));
        entry = &list->v[list->n++];
        entry->name = xstrndup(file, n);
        entry->path = xasprintf("%s/%s", list->dir, file);
        entry->number = digits && digits < 7 ? (unsigned)atoi(file) : 0;
}

bool lesson_list_read(const char *dir, struct lesson_list *ret, struct fault *fault)
{
        struct lesson_list list = { .dir = xstrdup(dir) };
        DIR *folder = opendir(dir);
        struct dirent *entry;

        if (!folder) {
                fault_errno(fault, dir, "read the lessons");
                lesson_list_finish(&list);
                return fault_hint(fault, "lessons lie beside vitrine, or where `make install` puts them");
        }
        for (errno = 0; (entry = readdir(folder)) != NULL; errno = 0)
                add(&list, entry->d_name);
        if (errno) {
                fault_errno(fault, dir, "read the lessons");
                closedir(folder);
                lesson_list_finish(&list);
                return false;
        }
        closedir(folder);
        if (list.n)
                qsort(list.v, list.n, sizeof(*list.v), compare);
        *ret = list;
        return true;
}

void lesson_list_finish(struct lesson_list *list)
{
        for (size_t i = 0; i < list->n; i++) {
                free(list->v[i].name);
                free(list->v[i].path);
        }
        free(list->v);
        free(list->dir);
        *list = (struct lesson_list){ 0 };
}

/* The name behind its number. */
static const char *bare(const char *name)
{
        const char *at = name + strspn(name, "0123456789");

        return at > name && *at == '-' && at[1] ? at + 1 : name;
}

static const char *nearest(const struct lesson_list *list, const char *word)
{
        unsigned best = 4;
        const char *ret = NULL;

        for (size_t i = 0; i < list->n; i++) {
                unsigned distance = near_distance(word, bare(list->v[i].name));

                if (distance < best) {
                        best = distance;
                        ret = list->v[i].name;
                }
        }
        return ret;
}

/* path: what was said where it may have been meant as one, else NULL. */
static int no_lesson(const struct lesson_list *list, const char *word, const char *path, int matches,
                     struct fault *fault)
{
        const char *near = matches ? NULL : nearest(list, word);
        bool is_number = *word && strspn(word, "0123456789") == strlen(word);

        if (path && !matches && !near && !is_number) {
                fault_why(fault, "find the lesson", "there is no file %.200s", path);
                return -1;
        }
        fault_why(fault, "find the lesson",
                  matches ? "more than one begins with %.80s" : "there is no lesson %.80s", word);
        if (near)
                fault_hint(fault, "%.60s?", near);
        else if (!matches && list->n && is_number)
                fault_hint(fault, "there are %zu lessons: vitrine learn lists them", list->n);
        else
                fault_hint(fault,
                           "vitrine learn lists them; a file of your own is given as a path: ./%.60s.md",
                           matches ? "my-lesson" : word);
        return -1;
}

static int find(const struct lesson_list *list, const char *word, const char *path, struct fault *fault)
{
        own_free char *name = xstrndup(word, stem(word) ? stem(word) : strlen(word));
        size_t n = strlen(name), digits = strspn(name, "0123456789");
        int found = -1, matches = 0;

        for (size_t i = 0; n && i < list->n; i++) {
                const struct lesson_entry *entry = &list->v[i];

                if (digits == n && n < 7 && entry->number && (unsigned)atoi(name) == entry->number)
                        return (int)i;
                if (strcasecmp(entry->name, name) == 0 || strcasecmp(bare(entry->name), name) == 0)
                        return (int)i;
                if (strncasecmp(entry->name, name, n) == 0 || strncasecmp(bare(entry->name), name, n) == 0) {
                        found = (int)i;
                        matches++;
                }
        }
        return matches == 1 ? found : no_lesson(list, name, path, matches, fault);
}

int lesson_list_find(const struct lesson_list *list, const char *word, struct fault *fault)
{
        return find(list, word, NULL, fault);
}

static bool is_file(const char *path)
{
        struct stat st;

        return stat(path, &st) == 0 && !S_ISDIR(st.st_mode);
}

static bool locate_path(const char *word, char **ret_path, char **ret_step)
{
        const char *slash = strrchr(word, '/');
        own_free char *front = NULL;

        if (is_file(word)) {
                *ret_path = xstrdup(word);
                *ret_step = xstrdup("");
                return true;
        }
        front = xstrndup(word, slash ? (size_t)(slash - word) : 0);
        if (!*front || !is_file(front))
                return false;
        *ret_path = take_ptr(front);
        *ret_step = xstrdup(slash + 1);
        return true;
}

/* What play --record writes. */
static bool is_recording(const char *word)
{
        static const char ending[] = ".cast";
        size_t n = strlen(word), end = sizeof(ending) - 1;

        return n > end && strcmp(word + n - end, ending) == 0;
}

bool lesson_locate(const struct lesson_list *list, const struct fault *no_list, const char *word,
                   char **ret_path, char **ret_step, struct fault *fault)
{
        size_t n = strcspn(word, "/");
        own_free char *name = xstrndup(word, n);
        bool path_like = word[n] || stem(word);
        int found;

        if (is_recording(word)) {
                fault_why(fault, "find the lesson", "%.200s is a recording", word);
                return fault_hint(fault, "asciinema play %.200s", word);
        }
        if (path_like && locate_path(word, ret_path, ret_step))
                return true;
        if (n == 0 || name[0] == '.')
                return fault_why(fault, "find the lesson", "there is no file %.200s", word);
        if (no_list) {
                *fault = *no_list;
                return false;
        }
        found = find(list, name, path_like ? word : NULL, fault);
        if (found < 0)
                return false;
        *ret_path = xstrdup(list->v[found].path);
        *ret_step = xstrdup(word[n] ? word + n + 1 : "");
        return true;
}
