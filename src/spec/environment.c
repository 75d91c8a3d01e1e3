/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "spec/environment.h"

#include <stdlib.h>
#include <string.h>

static bool names_same(const char *a, const char *b)
{
        size_t n = strcspn(a, "=");

        return n == strcspn(b, "=") && memcmp(a, b, n) == 0;
}

/* Index of the entry with the same name, or -1. */
static int find(const struct strv *env, const char *entry)
{
        for (size_t i = 0; i < env->n; i++)
                if (names_same(env->v[i], entry))
                        return (int)i;
        return -1;
}

static void set(struct strv *env, const char *entry)
{
        int at = find(env, entry);

        if (at < 0) {
                strv_add(env, entry);
                return;
        }
        free(env->v[at]); /* NOLINT(clang-analyzer-core.NullDereference): find found it in v */
        env->v[at] = xstrdup(entry);
}

/* The caller's NAME=VALUE, or NULL. */
static const char *callers_entry(char *const *callers, const char *name)
{
        for (; callers && *callers; callers++)
                if (strchr(*callers, '=') && names_same(*callers, name))
                        return *callers;
        return NULL;
}

/* What the line says, a name without a value where the caller has none. */
static void read_line_env(const struct spec *spec, char *const *callers, struct strv *ret)
{
        for (size_t i = 0; i < spec->env.n; i++) {
                const char *entry = spec->env.v[i];
                const char *filled = strchr(entry, '=') ? entry : callers_entry(callers, entry);

                set(ret, filled ? filled : entry);
        }
}

void environment_make(const struct spec *spec, const struct strv *image_env, char *const *callers,
                      const char *hostname, const char *home, struct strv *ret)
{
        struct strv env = { 0 }, said = { 0 };
        int at;

        strv_add(&env, ENVIRONMENT_PATH);
        strv_add_take(&env, xasprintf("HOSTNAME=%s", hostname));
        if (spec->tty)
                strv_add(&env, "TERM=xterm");
        read_line_env(spec, callers, &said);
        for (size_t i = 0; i < image_env->n; i++)
                if (find(&said, image_env->v[i]) < 0)
                        strv_add(&said, image_env->v[i]);
        for (size_t i = 0; i < said.n; i++) {
                if (strchr(said.v[i], '='))
                        set(&env, said.v[i]);
                else if (find(&env, said.v[i]) >= 0)
                        strv_remove(&env, (size_t)find(&env, said.v[i]));
        }
        at = find(&env, "HOME");
        if (at < 0 || strcmp(env.v[at], "HOME=") == 0) {
                char *entry = xasprintf("HOME=%s", home);

                set(&env, entry);
                free(entry);
        }
        strv_finish(&said);
        *ret = env;
}
