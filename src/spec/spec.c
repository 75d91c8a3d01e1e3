/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "spec/spec.h"

#include <stdlib.h>
#include <string.h>

/* The strings of a spec, for what treats them all alike. */
enum { SPEC_STRINGS = 7, SPEC_LISTS = 3 };

static void strings_of(struct spec *spec, char **ret[static SPEC_STRINGS])
{
        ret[0] = &spec->image;
        ret[1] = &spec->entrypoint;
        ret[2] = &spec->user;
        ret[3] = &spec->seccomp;
        ret[4] = &spec->hostname;
        ret[5] = &spec->name;
        ret[6] = &spec->workdir;
}

static void lists_of(struct spec *spec, struct strv *ret[static SPEC_LISTS])
{
        ret[0] = &spec->args;
        ret[1] = &spec->group_add;
        ret[2] = &spec->env;
}

void spec_init(struct spec *spec)
{
        char **strings[SPEC_STRINGS];

        *spec = (struct spec){ 0 };
        strings_of(spec, strings);
        for (int i = 0; i < SPEC_STRINGS; i++)
                *strings[i] = xstrdup("");
}

void spec_finish(struct spec *spec)
{
        struct strv *lists[SPEC_LISTS];
        char **strings[SPEC_STRINGS];

        strings_of(spec, strings);
        for (int i = 0; i < SPEC_STRINGS; i++)
                free(*strings[i]);
        lists_of(spec, lists);
        for (int i = 0; i < SPEC_LISTS; i++)
                strv_finish(lists[i]);
        *spec = (struct spec){ 0 };
}

void spec_copy(struct spec *to, const struct spec *from)
{
        struct spec copy = *from;
        struct strv *lists[SPEC_LISTS];
        char **strings[SPEC_STRINGS];

        strings_of(&copy, strings);
        for (int i = 0; i < SPEC_STRINGS; i++)
                *strings[i] = xstrdup(*strings[i]);
        lists_of(&copy, lists);
        for (int i = 0; i < SPEC_LISTS; i++) {
                struct strv list = *lists[i];

                strv_copy(lists[i], &list);
        }
        *to = copy;
}

static bool flags_equal(const struct spec *a, const struct spec *b)
{
        return a->has_entrypoint == b->has_entrypoint && a->caps.add == b->caps.add &&
               a->caps.drop == b->caps.drop && a->caps.add_all == b->caps.add_all &&
               a->caps.drop_all == b->caps.drop_all && a->caps.privileged == b->caps.privileged &&
               a->no_new_privileges == b->no_new_privileges && a->pid == b->pid && a->network == b->network &&
               a->uts == b->uts && a->ipc == b->ipc && a->cgroupns == b->cgroupns && a->userns == b->userns &&
               a->read_only == b->read_only && a->interactive == b->interactive && a->tty == b->tty &&
               a->rm == b->rm && a->engine == b->engine;
}

bool spec_equal(const struct spec *a, const struct spec *b)
{
        struct spec left = *a, right = *b;
        struct strv *lists_a[SPEC_LISTS], *lists_b[SPEC_LISTS];
        char **strings_a[SPEC_STRINGS], **strings_b[SPEC_STRINGS];

        strings_of(&left, strings_a);
        strings_of(&right, strings_b);
        for (int i = 0; i < SPEC_STRINGS; i++)
                if (strcmp(*strings_a[i], *strings_b[i]) != 0)
                        return false;
        lists_of(&left, lists_a);
        lists_of(&right, lists_b);
        for (int i = 0; i < SPEC_LISTS; i++)
                if (!strv_equal(lists_a[i], lists_b[i]))
                        return false;
        return flags_equal(a, b);
}
