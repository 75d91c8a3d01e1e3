/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/plan.h"

#include <stdlib.h>
#include <string.h>

enum { PLAN_MAGIC = 0x76706c33 };

static void add_text(struct str *out, const char *s)
{
        str_add_n(out, s, strlen(s) + 1);
}

void plan_encode(const struct plan *plan, struct str *ret)
{
        struct plan_fixed fixed = plan->fixed;

        fixed.magic = PLAN_MAGIC;
        fixed.n_argv = (uint32_t)plan->argv.n;
        fixed.n_env = (uint32_t)plan->env.n;
        str_add_n(ret, (const char *)&fixed, sizeof(fixed));
        add_text(ret, plan->hostname);
        add_text(ret, plan->workdir);
        add_text(ret, plan->passwd);
        add_text(ret, plan->group);
        add_text(ret, plan->image_path);
        add_text(ret, plan->id);
        add_text(ret, plan->name);
        for (size_t i = 0; i < plan->argv.n; i++)
                add_text(ret, plan->argv.v[i]);
        for (size_t i = 0; i < plan->env.n; i++)
                add_text(ret, plan->env.v[i]);
        str_add_n(ret, (const char *)plan->filter, (size_t)fixed.n_filter * 8);
}

/* Takes one NUL-terminated text off the front. */
static char *take_text(const char **data, size_t *n)
{
        const char *end = memchr(*data, '\0', *n);
        char *text;

        if (!end)
                return NULL;
        text = xstrdup(*data);
        *n -= (size_t)(end - *data) + 1;
        *data = end + 1;
        return text;
}

static bool take_list(const char **data, size_t *n, uint32_t count, struct strv *ret)
{
        for (uint32_t i = 0; i < count; i++) {
                char *text = take_text(data, n);

                if (!text)
                        return false;
                strv_add_take(ret, text);
        }
        return true;
}

static bool decode_rest(const char *data, size_t n, struct plan *plan)
{
        char **const texts[] = { &plan->hostname,   &plan->workdir, &plan->passwd, &plan->group,
                                 &plan->image_path, &plan->id,      &plan->name };

        for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
                *texts[i] = take_text(&data, &n);
                if (!*texts[i])
                        return false;
        }
        if (!take_list(&data, &n, plan->fixed.n_argv, &plan->argv) ||
            !take_list(&data, &n, plan->fixed.n_env, &plan->env))
                return false;
        if (plan->argv.n == 0 || n != (size_t)plan->fixed.n_filter * 8)
                return false;
        plan->filter = xmalloc(n);
        memcpy(plan->filter, data, n);
        return true;
}

bool plan_decode(const char *data, size_t n, struct plan *ret)
{
        struct plan plan = { 0 };

        if (n < sizeof(plan.fixed))
                return false;
        memcpy(&plan.fixed, data, sizeof(plan.fixed));
        if (plan.fixed.magic != PLAN_MAGIC || plan.fixed.n_groups > PLAN_MAX_GROUPS ||
            plan.fixed.n_added > PLAN_MAX_GROUPS || plan.fixed.uids.n > ID_RUNS_MAX ||
            plan.fixed.gids.n > ID_RUNS_MAX || plan.fixed.n_filter > PLAN_MAX_FILTER ||
            !decode_rest(data + sizeof(plan.fixed), n - sizeof(plan.fixed), &plan)) {
                plan_finish(&plan);
                return false;
        }
        *ret = plan;
        return true;
}

void plan_finish(struct plan *plan)
{
        free(plan->hostname);
        free(plan->workdir);
        free(plan->passwd);
        free(plan->group);
        free(plan->image_path);
        free(plan->id);
        free(plan->name);
        strv_finish(&plan->argv);
        strv_finish(&plan->env);
        free(plan->filter);
        *plan = (struct plan){ 0 };
}
