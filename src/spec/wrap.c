/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "spec/wrap.h"

#include <string.h>

#include "base/own.h"
#include "base/text.h"

struct wrap {
        struct str *out;
        int indent, width;
        int col;    /* where the line stands */
        bool begun; /* words are on it */
};

static void pad(struct wrap *wrap)
{
        for (; wrap->col < wrap->indent; wrap->col++)
                str_add_c(wrap->out, ' ');
}

static void new_line(struct wrap *wrap)
{
        str_add_c(wrap->out, '\n');
        wrap->col = 0;
        wrap->begun = false;
        pad(wrap);
}

/* Character by character: only for what is longer than a line. */
static void add_long(struct wrap *wrap, const char *word, size_t n)
{
        while (n) {
                uint32_t c;
                size_t len = text_decode(word, n, &c);
                int columns = len ? text_char_width(c) : 1;

                len = len ? len : 1;
                columns = columns < 0 ? 0 : columns;
                if (wrap->col + columns > wrap->width)
                        new_line(wrap);
                str_add_n(wrap->out, word, len);
                wrap->col += columns;
                wrap->begun = true;
                word += len;
                n -= len;
        }
}

static void add_word(struct wrap *wrap, const char *word, size_t n)
{
        own_free char *copy = xstrndup(word, n);
        int columns = text_width(copy);

        if (wrap->begun && wrap->col + 1 + columns > wrap->width)
                new_line(wrap);
        if (wrap->begun) {
                str_add_c(wrap->out, ' ');
                wrap->col++;
        }
        add_long(wrap, word, n);
}

void wrap_add(struct str *out, const char *head, int indent, int width, const char *text)
{
        own_free char *safe_head = text_escape(head, strlen(head), false);
        own_free char *safe = text_escape(text, strlen(text), false);
        struct wrap wrap = { .out = out, .indent = indent, .width = width };

        if (text_width(safe_head) + 1 > indent && *safe_head) {
                wrap.indent = 0;
                add_long(&wrap, safe_head, strlen(safe_head));
                wrap.indent = indent;
                new_line(&wrap);
        } else {
                str_add(out, safe_head);
                wrap.col = text_width(safe_head);
                pad(&wrap);
        }
        for (const char *at = safe; *at;) {
                size_t n = strcspn(at, " ");

                if (n)
                        add_word(&wrap, at, n);
                at += n + (at[n] == ' ');
        }
        str_add_c(out, '\n');
}
