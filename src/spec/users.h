/* SPDX-License-Identifier: MIT */
/* Who `--user` means, by an image's passwd and group. Pure. */
#pragma once

#include "spec/resolve.h"

enum { USERS_WHY = 200 };

struct identity {
        uint32_t uid, gid;
        char *home;                           /* "/" when unknown; owned */
        uint32_t groups[RESOLVED_MAX_GROUPS]; /* those that list the user; none when the group was said */
        size_t n_groups;
};

/* word: USER[:GROUP], "" and ":" mean root. Rules as in runc's libcontainer/user: a number is always a
 * number, the first line that fits wins, numbers from 0 to 2147483647. On failure writes the reason to why.
 * ret's home is the caller's. */
bool users_find(const struct users *users, const char *word, struct identity *ret,
                char why[static USERS_WHY]);

/* The number of a group for --group-add: by name, or a number. */
bool users_find_group(const struct users *users, const char *word, uint32_t *ret, char why[static USERS_WHY]);

/* Whether a USER[:GROUP] word is root whatever the image says. */
bool users_is_root(const char *word);
