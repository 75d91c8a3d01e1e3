/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "image/expand.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/own.h"
#include "base/str.h"

enum { DEPTH_MAX = 32 };

struct expansion {
        const char *at;
        char escape;
        unsigned depth;
        expand_lookup *lookup;
        void *data;
        char *why;
};

static bool take_until(struct expansion *e, char stop, struct str *out);

static bool fail(struct expansion *e, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool fail(struct expansion *e, const char *format, ...)
{
        va_list args;

        va_start(args, format);
        vsnprintf(e->why, EXPAND_WHY, format, args);
        va_end(args);
        return false;
}

static bool add(struct expansion *e, struct str *out, const char *text, size_t n)
{
        if (out->len + n > EXPAND_MAX)
                return fail(e, "what its variables make of it is longer than 128 KiB");
        str_add_n(out, text, n);
        return true;
}

/* A variable's name: letters, digits and _, or digits alone, or one of the shell's own signs. */
static size_t name_length(const char *s)
{
        size_t n = 0;

        if (isdigit((unsigned char)*s)) {
                while (isdigit((unsigned char)s[n]))
                        n++;
                return n;
        }
        if (*s && strchr("@*#?-$!", *s))
                return 1;
        while (isalnum((unsigned char)s[n]) || s[n] == '_')
                n++;
        return n;
}

/* NOLINTBEGIN(misc-no-recursion): every round passes take_modified, which ends it at DEPTH_MAX */

/* The word of ${X:-word}, and what becomes of it. */
static bool take_modified(struct expansion *e, const char *name, size_t n, const char *value, struct str *out)
{
        char modifier = *e->at;
        struct str word = { 0 };
        bool set = value && *value, ok = true;

        if (!modifier || !strchr("-+?", modifier))
                return fail(e, "unsupported modifier (%c) in substitution of %.*s", modifier ? modifier : ' ',
                            n < 60 ? (int)n : 60, name);
        e->at++;
        if (++e->depth > DEPTH_MAX)
                return fail(e, "variables stand deeper than %d in one another", DEPTH_MAX);
        ok = take_until(e, '}', &word);
        e->depth--;
        if (ok && modifier == '?' && !set)
                ok = fail(e, "%.*s: %.80s", n < 60 ? (int)n : 60, name,
                          word.len ? str_text(&word) : "not set");
        else if (ok && (modifier == '+') == set && modifier != '?')
                ok = add(e, out, str_text(&word), word.len);
        else if (ok && modifier != '+')
                ok = add(e, out, value ? value : "", value ? strlen(value) : 0);
        str_finish(&word);
        return ok;
}

/* From behind ${ to behind }. */
static bool take_braced(struct expansion *e, struct str *out)
{
        const char *name = e->at, *value;
        size_t n = name_length(name);

        if (n == 0)
                return fail(e, *name ? "bad substitution" : "syntax error: missing '}'");
        value = e->lookup(e->data, name, n);
        e->at += n;
        switch (*e->at) {
        case '}':
                e->at++;
                return add(e, out, value ? value : "", value ? strlen(value) : 0);
        case ':':
                e->at++;
                return take_modified(e, name, n, value, out);
        case '\0':
                return fail(e, "syntax error: missing '}'");
        default:
                return fail(e, "unsupported modifier (%c) in substitution of %.*s", *e->at,
                            n < 60 ? (int)n : 60, name);
        }
}

/* From behind a $. */
static bool take_dollar(struct expansion *e, struct str *out)
{
        const char *value;
        size_t n;

        if (*e->at == '{') {
                e->at++;
                return take_braced(e, out);
        }
        n = name_length(e->at);
        if (n == 0)
                return add(e, out, "$", 1);
        value = e->lookup(e->data, e->at, n);
        e->at += n;
        return add(e, out, value ? value : "", value ? strlen(value) : 0);
}

static bool take_single(struct expansion *e, struct str *out)
{
        size_t n = strcspn(e->at, "'");

        if (!e->at[n])
                return fail(e, "unexpected end of statement while looking for matching single-quote");
        if (!add(e, out, e->at, n))
                return false;
        e->at += n + 1;
        return true;
}

static bool take_double(struct expansion *e, struct str *out)
{
        while (*e->at != '"') {
                if (!*e->at)
                        return fail(e, "unexpected end of statement while looking for matching double-quote");
                if (*e->at == '$') {
                        e->at++;
                        if (!take_dollar(e, out))
                                return false;
                        continue;
                }
                /* The escape stays one before everything but these. */
                if (*e->at == e->escape && (e->at[1] == '"' || e->at[1] == '$' || e->at[1] == e->escape))
                        e->at++;
                if (!add(e, out, e->at++, 1))
                        return false;
        }
        e->at++;
        return true;
}

static bool take_one(struct expansion *e, struct str *out)
{
        char c = *e->at++;

        switch (c) {
        case '$':
                return take_dollar(e, out);
        case '\'':
                return take_single(e, out);
        case '"':
                return take_double(e, out);
        default:
                break;
        }
        if (c == e->escape) {
                if (!*e->at)
                        return true;
                c = *e->at++;
        }
        return add(e, out, &c, 1);
}

/* Up to stop, behind which it ends, or to the end. */
static bool take_until(struct expansion *e, char stop, struct str *out)
{
        while (*e->at != stop) {
                if (!*e->at)
                        return fail(e, "syntax error: missing '%c'", stop);
                if (!take_one(e, out))
                        return false;
        }
        e->at += stop != '\0';
        return true;
}

/* NOLINTEND(misc-no-recursion) */

bool expand_text(const char *text, char escape, expand_lookup *lookup, void *data, char **ret,
                 char why[static EXPAND_WHY]) /* NOLINT(readability-non-const-parameter): fail writes to it */
{
        struct expansion e = { .at = text, .escape = escape, .lookup = lookup, .data = data, .why = why };
        struct str out = { 0 };

        if (!take_until(&e, '\0', &out)) {
                str_finish(&out);
                return false;
        }
        *ret = str_take(&out);
        return true;
}
