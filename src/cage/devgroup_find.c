/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/devgroup.h"

#include <stdio.h>
#include <string.h>

#include "base/own.h"
#include "base/str.h"
#include "cage/doctor_mounts.h"

/* Whether a list of words with commas between holds the word. */
static bool has_word(const char *list, const char *word)
{
        size_t n = strlen(word);

        for (const char *at = list; *at; at += strcspn(at, ","), at += *at == ',')
                if (strcspn(at, ",") == n && strncmp(at, word, n) == 0)
                        return true;
        return false;
}

/* The path of one hierarchy in the text of /proc/self/cgroup (cgroups(7), HIERARCHY:CONTROLLERS:PATH); NULL
 * controller is cgroup2's. Owned by the caller; NULL when there is none. */
static char *path_of(const char *cgroups, const char *controller)
{
        own_free char *copy = xstrdup(cgroups);
        char *line, *rest = copy;

        while ((line = strsep(&rest, "\n")) != NULL) {
                const char *number = strsep(&line, ":"), *controllers = line ? strsep(&line, ":") : NULL;

                if (!line)
                        continue;
                if (controller ? has_word(controllers, controller)
                               : !*controllers && strcmp(number, "0") == 0)
                        return xstrdup(line);
        }
        return NULL;
}

/* What of the path lies below a mount whose root is a folder of the hierarchy; NULL: nothing does. */
static const char *below(const char *path, const char *root)
{
        size_t n = strcmp(root, "/") == 0 ? 0 : strlen(root);

        /* "/..": out of this cgroup namespace's sight. */
        if (strncmp(path, "/..", 3) == 0 || strncmp(path, root, n) != 0 || (path[n] != '/' && path[n]))
                return NULL;
        return strcmp(path + n, "/") == 0 ? "" : path + n;
}

static bool find_mounted(const char *mountinfo, const char *type, const char *controller, const char *path,
                         char *ret, size_t size)
{
        own_free char *copy = xstrdup(mountinfo);
        struct mount_line line;
        char *rest = copy;
        bool found = false;

        /* The last one at a place is the one that is seen. */
        while (mount_lines_next(&rest, &line)) {
                const char *tail = below(path, line.root);
                int n;

                if (strcmp(line.type, type) != 0 || (controller && !has_word(line.super, controller)) ||
                    !tail)
                        continue;
                n = snprintf(NULL, 0, "%s%s", line.point, tail);
                if (n < 0 || (size_t)n >= size)
                        continue;
                snprintf(ret, size, "%s%s", line.point, tail);
                found = true;
        }
        return found;
}

enum devgroup_kind devgroup_find(const char *cgroups, const char *mountinfo, char *ret, size_t size)
{
        own_free char *v1 = path_of(cgroups, "devices"), *v2 = path_of(cgroups, NULL);

        if (v1 && find_mounted(mountinfo, "cgroup", "devices", v1, ret, size))
                return DEVGROUP_V1;
        if (v2 && find_mounted(mountinfo, "cgroup2", NULL, v2, ret, size))
                return DEVGROUP_V2;
        return DEVGROUP_NONE;
}
