/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "snapshot/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

const char *const ns_type_names[NS_T_N] = { "pid", "user", "mnt", "uts", "ipc", "net", "cgroup", "time" };

static int by_uid(const void *a, const void *b)
{
        uint32_t x = ((const struct host_name *)a)->uid, y = ((const struct host_name *)b)->uid;

        return x < y ? -1 : x > y;
}

const char *host_names_find(const struct host_names *names, uint32_t uid)
{
        const struct host_name key = { .uid = uid };
        const struct host_name *found;

        if (names->n == 0)
                return NULL;
        found = bsearch(&key, names->v, names->n, sizeof(*names->v), by_uid);
        return found ? found->name : NULL;
}

/* A name as a new string; NULL: none. */
typedef char *name_lookup(void *data, uint32_t uid);

struct owner {
        uint32_t uid;
        size_t row;
};

static int by_owner(const void *a, const void *b)
{
        const struct owner *x = a, *y = b;

        if (x->uid != y->uid)
                return x->uid < y->uid ? -1 : 1;
        return x->row < y->row ? -1 : x->row > y->row;
}

static void name_rows(const struct proc_table *table, name_lookup *lookup, void *data, struct strv *store,
                      const char **users)
{
        struct owner *owners = xcalloc(table->n, sizeof(*owners));

        for (size_t i = 0; i < table->n; i++)
                owners[i] = (struct owner){ table->v[i].uid, i };
        qsort(owners, table->n, sizeof(*owners), by_owner);
        for (size_t i = 0; i < table->n; i++) {
                if (i == 0 || owners[i].uid != owners[i - 1].uid) {
                        char *name = lookup(data, owners[i].uid);

                        strv_add_take(store, name ? name : xasprintf("%u", owners[i].uid));
                }
                users[owners[i].row] = store->v[store->n - 1];
        }
        free(owners);
}

static char *name_on_host(void *data, uint32_t uid)
{
        const struct host_names *names = data;
        const char *name = names ? host_names_find(names, uid) : NULL;
        size_t n = name ? strnlen(name, sizeof(names->v->name)) : 0;

        return n > 0 ? text_escape(name, n, false) : NULL;
}

void names_from_host(const struct proc_table *table, const struct host_names *names, struct strv *store,
                     const char **users)
{
        struct host_names copy = names ? *names : (struct host_names){ 0 };

        name_rows(table, name_on_host, &copy, store, users);
}

/* Each name costs a reading of the image's passwd. What a hostile image can make that cost (a megabyte of
 * passwd, thousands of users) is bounded; who comes after that keeps his number. */
enum { BUDGET_BYTES = 16 << 20, NAME_SIZE = 256 };

struct image_names {
        const struct users *users;
        size_t cost, budget;
};

static char *name_in_image(void *data, uint32_t uid)
{
        struct image_names *names = data;
        char name[NAME_SIZE];

        if (!names->users || names->budget < names->cost)
                return NULL;
        names->budget -= names->cost;
        if (!users_name_of_uid(names->users, uid, name, sizeof(name)) || !*name)
                return NULL;
        return text_escape(name, strlen(name), false);
}

void names_from_image(const struct proc_table *table, const struct users *image, struct strv *store,
                      const char **users)
{
        struct image_names names = { .users = image, .budget = BUDGET_BYTES };

        if (image)
                names.cost = strlen(image->passwd) + 1;
        name_rows(table, name_in_image, &names, store, users);
}
