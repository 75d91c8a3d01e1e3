/* SPDX-License-Identifier: MIT */
/* Users' names, each looked up once for a whole table. Pure. */
#pragma once

#include "snapshot/snapshot.h"

/* Sets users[i] for every row: a name that is fit to be shown, or the number as text. The texts are added to
 * store and live as long as it. Both lookups may be NULL: then every user is a number. */
void names_from_host(const struct proc_table *table, const struct host_names *names, struct strv *store,
                     const char **users);
void names_from_image(const struct proc_table *table, const struct users *image, struct strv *store,
                      const char **users);
