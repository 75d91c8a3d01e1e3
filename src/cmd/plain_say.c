/* SPDX-License-Identifier: MIT */
/* Printing: paragraphs and lines, and nothing else. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "base/text.h"
#include "cage/remedy.h"
#include "cmd/cmd.h"
#include "cmd/plain_state.h"
#include "cmd/printed.h"
#include "spec/wrap.h"
#include "ui/prose.h"

enum { SET_IN = 4 };

/* What comes while a prompt stands there begins on a line of its own. */
static void begin(struct plain *plain)
{
        if (plain->prompted)
                putchar('\n');
        plain->prompted = false;
}

static char *safe_text(const struct plain *plain, const char *text, size_t n)
{
        const struct view view = { .ascii = plain->ascii };
        const struct pen pen = { .view = &view };

        return prose_safe(&pen, text, n);
}

/* A hard break in it stays one. */
static void paragraph(struct plain *plain, const char *head, int indent, const char *text)
{
        begin(plain);
        do {
                size_t n = strcspn(text, "\n");
                own_free char *safe = safe_text(plain, text, n);
                struct str lines = { 0 };

                wrap_add(&lines, head, indent, plain->width, safe);
                fputs(str_text(&lines), stdout);
                printed_note();
                str_finish(&lines);
                text += n + (text[n] == '\n');
                head = "";
        } while (*text);
}

void plain_say(struct plain *plain, const char *format, ...)
{
        char *text = NULL;
        va_list args;
        int n;

        va_start(args, format);
        n = vasprintf(&text, format, args);
        va_end(args);
        if (n < 0)
                return;
        paragraph(plain, "", 0, text);
        free(text);
}

void plain_blank(struct plain *plain)
{
        begin(plain);
        putchar('\n');
        printed_note();
}

void plain_line(struct plain *plain, const char *text, size_t n)
{
        own_free char *safe = safe_text(plain, text, n);

        begin(plain);
        printf("%*s%s\n", *safe ? SET_IN : 0, "", safe);
        printed_note();
}

void plain_text(struct plain *plain, const char *text)
{
        begin(plain);
        fputs(text, stdout);
        printed_note();
}

/* Tabs stay apart: they are what columns are made of. */
static char *without_tabs(const char *text, size_t n)
{
        struct str out = { 0 };

        for (size_t i = 0; i < n; i++)
                if (text[i] == '\t')
                        str_add_f(&out, "%*s", 8 - (int)(out.len % 8), "");
                else if (text[i] != '\r' || i + 1 < n)
                        str_add_n(&out, &text[i], 1);
        return str_take(&out);
}

void plain_output(struct plain *plain, const char *text)
{
        while (*text) {
                size_t n = strcspn(text, "\n");
                own_free char *line = without_tabs(text, n);

                plain_line(plain, line, strlen(line));
                text += n + (text[n] == '\n');
        }
}

static void block(struct plain *plain, const struct lesson_block *block)
{
        int indent = (int)(block->depth < 6 ? block->depth : 6) * 2;
        own_free char *head = xasprintf("%*s%s", indent ? indent - 2 : 0, "", block->marker);

        switch (block->kind) {
        case LESSON_ITEM:
                paragraph(plain, head, (int)strlen(head) + 1, block->text);
                break;
        case LESSON_CODE:
                plain_output(plain, block->text);
                break;
        case LESSON_RULE:
                break;
        case LESSON_TEXT:
        case LESSON_HEADING:
                paragraph(plain, "", indent, block->text);
                break;
        }
}

void plain_blocks(struct plain *plain, const struct lesson_blocks *blocks)
{
        for (size_t i = 0; i < blocks->n; i++) {
                if (i > 0 && (blocks->v[i].kind != LESSON_ITEM || blocks->v[i - 1].kind != LESSON_ITEM))
                        plain_blank(plain);
                block(plain, &blocks->v[i]);
        }
}

void plain_fault(struct plain *plain, const struct fault *fault)
{
        own_free char *remedy = remedy_of(fault);
        char line[SAID_MOST];

        fault_line(fault, line, sizeof(line));
        plain_say(plain, "%s", line);
        if (*remedy)
                plain_say(plain, "hint: %s", remedy);
}
