/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cast/transcript.h"

#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "base/str.h"
#include "base/text.h"

enum { LEAST_MS = 2000 };

void cues_add(struct cues *cues, uint64_t at_ms, const char *text)
{
        uint64_t last_ms = cues->n ? cues->v[cues->n - 1].at_ms : 0;

        cues->v = xrealloc(cues->v, cues->n + 1, sizeof(*cues->v));
        cues->v[cues->n++] =
                (struct cue){ .at_ms = at_ms > last_ms ? at_ms : last_ms, .text = xstrdup(text) };
}

void cues_type(struct cues *cues, uint64_t at_ms, const char *character)
{
        struct cue *last = cues->n ? &cues->v[cues->n - 1] : NULL;
        char *longer;

        if (!last || !last->typed) {
                cues_add(cues, at_ms, character);
                cues->v[cues->n - 1].typed = true;
                return;
        }
        longer = xasprintf("%s%s", last->text, character);
        free(last->text);
        last->text = longer;
}

void cues_finish(struct cues *cues)
{
        for (size_t i = 0; i < cues->n; i++)
                free(cues->v[i].text);
        free(cues->v);
        *cues = (struct cues){ 0 };
}

static void add_time(struct str *out, uint64_t ms)
{
        unsigned long long s = ms / 1000;

        str_add_f(out, "%02llu:%02llu:%02llu.%03u", s / 3600, s / 60 % 60, s % 60, (unsigned)(ms % 1000));
}

/* A line as a cue has it: "-->" and tags are none any more when < and > are escaped. */
static void add_escaped(struct str *out, const char *line, size_t n)
{
        own_free char *safe = text_escape(line, n, false);

        for (const char *c = safe; *c; c++)
                if (*c == '&')
                        str_add(out, "&amp;");
                else if (*c == '<')
                        str_add(out, "&lt;");
                else if (*c == '>')
                        str_add(out, "&gt;");
                else
                        str_add_c(out, *c);
        str_add_c(out, '\n');
}

/* The lines of a text that have something in them: an empty one would end the cue. */
static void add_lines(struct str *out, const char *text)
{
        for (const char *at = text; *at;) {
                size_t n = strcspn(at, "\r\n");

                if (strspn(at, " \t") < n)
                        add_escaped(out, at, n);
                at += n + (at[n] != '\0');
        }
}

static uint64_t later(uint64_t a, uint64_t b)
{
        return a > b ? a : b;
}

char *cues_vtt(const struct cues *cues, uint64_t end_ms)
{
        struct str out = { 0 };
        uint64_t free_ms = 0; /* the last one stands until then */

        str_add(&out, "WEBVTT\n");
        for (size_t i = 0; i < cues->n; i++) {
                uint64_t from = later(cues->v[i].at_ms, free_ms);
                uint64_t until = i + 1 < cues->n ? cues->v[i + 1].at_ms : end_ms;
                struct str lines = { 0 };

                add_lines(&lines, cues->v[i].text);
                if (lines.len > 0) {
                        free_ms = later(until, from + LEAST_MS);
                        str_add_c(&out, '\n');
                        add_time(&out, from);
                        str_add(&out, " --> ");
                        add_time(&out, free_ms);
                        str_add_c(&out, '\n');
                        str_add(&out, lines.s);
                }
                str_finish(&lines);
        }
        return str_take(&out);
}

char *cues_vtt_path(const char *cast_path)
{
        size_t n = strlen(cast_path), suffix = strlen(".cast");

        if (n > suffix && strcmp(cast_path + n - suffix, ".cast") == 0 && cast_path[n - suffix - 1] != '/')
                n -= suffix;
        return xasprintf("%.*s.vtt", (int)n, cast_path);
}
