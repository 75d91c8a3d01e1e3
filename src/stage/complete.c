/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "stage/complete.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/own.h"
#include "caps/caps.h"
#include "spec/flags.h"

static const char cap_prefix[] = "CAP_";
enum { CAP_PREFIX = sizeof(cap_prefix) - 1 };

static bool begins(const char *name, const char *word)
{
        return strncasecmp(name, word, strlen(word)) == 0;
}

static void add(struct strv *ret, char *candidate)
{
        if (ret->n < COMPLETE_MAX)
                strv_add_take(ret, candidate);
        else
                free(candidate);
}

void complete_caps(const char *word, uint64_t among, struct strv *ret)
{
        const char *bare = begins(word, cap_prefix) ? word + CAP_PREFIX : word;

        if (begins("ALL", bare))
                add(ret, xstrdup("ALL"));
        for (unsigned bit = 0; bit < CAPS_N; bit++)
                if ((among & caps_bit(bit)) && begins(caps_info(bit)->name, bare))
                        add(ret, xstrdup(caps_info(bit)->name));
}

void complete_users(const char *word, const char *passwd, struct strv *ret)
{
        static const char usual[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
        size_t typed = strlen(word);

        while (*passwd && ret->n < COMPLETE_MAX) {
                size_t n = strspn(passwd, usual);

                if (n && n >= typed && passwd[n] == ':' && strncmp(passwd, word, typed) == 0)
                        add(ret, xstrndup(passwd, n));
                passwd += strcspn(passwd, "\n");
                passwd += *passwd == '\n';
        }
}

static void add_flags(const char *word, struct strv *ret)
{
        for (unsigned i = 0; i < run_flags_n; i++) {
                const struct flag *flag = &run_flags[i];
                own_free char *name = xasprintf("--%s", flag->name);

                if (flag->take && strncmp(name, word, strlen(word)) == 0)
                        add(ret, xasprintf("%s%s", name, flag->kind == FLAG_VALUE ? "=" : ""));
        }
}

/* Behind which flags something is known of the value. */
enum value { VALUE_NONE, VALUE_CAP, VALUE_USER };

static enum value value_of(const char *flag, size_t n)
{
        static const struct {
                const char *flag;
                enum value value;
        } values[] = {
                { "--cap-add", VALUE_CAP },
                { "--cap-drop", VALUE_CAP },
                { "--user", VALUE_USER },
                { "-u", VALUE_USER },
        };

        for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
                if (strlen(values[i].flag) == n && strncmp(values[i].flag, flag, n) == 0)
                        return values[i].value;
        return VALUE_NONE;
}

static size_t word_start(const char *text, size_t end)
{
        while (end > 0 && text[end - 1] != ' ')
                end--;
        return end;
}

size_t complete_line(const char *text, size_t cursor, const char *passwd, struct strv *ret)
{
        size_t start = word_start(text, cursor), gap = start, before;
        own_free char *word = NULL;
        const char *equals = memchr(text + start, '=', cursor - start);
        enum value value;

        while (gap > 0 && text[gap - 1] == ' ')
                gap--;
        before = word_start(text, gap);
        if (equals) {
                value = value_of(text + start, (size_t)(equals - (text + start)));
                start = (size_t)(equals + 1 - text);
        } else {
                value = value_of(text + before, gap - before);
        }
        word = xstrndup(text + start, cursor - start);
        if (value == VALUE_CAP)
                complete_caps(word, CAPS_ALL, ret);
        else if (value == VALUE_USER)
                complete_users(word, passwd, ret);
        else if (!equals && *word == '-')
                add_flags(word, ret);
        return start;
}

char *complete_common(const struct strv *candidates)
{
        size_t n = candidates->n ? strlen(candidates->v[0]) : 0;

        for (size_t i = 1; i < candidates->n; i++) {
                size_t same = 0;

                while (same < n && candidates->v[i][same] == candidates->v[0][same])
                        same++;
                n = same;
        }
        return n ? xstrndup(candidates->v[0], n) : xstrdup("");
}
