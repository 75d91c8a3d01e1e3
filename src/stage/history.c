/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "stage/history.h"

#include <stdlib.h>

#include "base/str.h"

void history_push(struct history *history, const struct spec *spec)
{
        size_t keep = history->n ? history->at + 1 : 0;

        for (size_t i = keep; i < history->n; i++)
                spec_finish(&history->v[i]);
        history->v = xrealloc(history->v, keep + 1, sizeof(*history->v));
        spec_copy(&history->v[keep], spec);
        history->n = keep + 1;
        history->at = keep;
}

void history_replace(struct history *history, const struct spec *spec)
{
        struct spec fresh;

        spec_copy(&fresh, spec);
        spec_finish(&history->v[history->at]);
        history->v[history->at] = fresh;
}

const struct spec *history_before(const struct history *history)
{
        return history->at > 0 ? &history->v[history->at - 1] : NULL;
}

const struct spec *history_after(const struct history *history)
{
        return history->at + 1 < history->n ? &history->v[history->at + 1] : NULL;
}

void history_step(struct history *history, bool back)
{
        if (back && history->at > 0)
                history->at--;
        else if (!back && history->at + 1 < history->n)
                history->at++;
}

void history_finish(struct history *history)
{
        for (size_t i = 0; i < history->n; i++)
                spec_finish(&history->v[i]);
        free(history->v);
        *history = (struct history){ 0 };
}
