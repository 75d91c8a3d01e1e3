/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "lesson/lesson_parse.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "base/text.h"

/* What an excerpt shows of a long line, and how much of that stands in front of the caret. */
enum { EXCERPT_MAX = 100, EXCERPT_BEFORE = 60, PATH_SHOWN = 200 };

size_t source_index(const char *text, size_t len, size_t **ret)
{
        size_t n = 0, size = 64;
        size_t *lines = xcalloc(size, sizeof(*lines));

        for (size_t at = 0; at < len;) {
                size_t end = at;

                while (end < len && text[end] != '\n' && text[end] != '\r')
                        end++;
                if (n + 2 > size) {
                        size *= 2;
                        lines = xrealloc(lines, size, sizeof(*lines));
                }
                lines[n++] = at;
                at = end + 1 < len && text[end] == '\r' && text[end + 1] == '\n' ? end + 2 : end + 1;
        }
        lines[n] = len;
        *ret = lines;
        return n;
}

static size_t line_length(const char *text, size_t start, size_t end)
{
        while (end > start && (text[end - 1] == '\n' || text[end - 1] == '\r'))
                end--;
        return end - start;
}

const char *source_line(const struct parsing *parsing, unsigned line, size_t *ret_len)
{
        const char *text = parsing->lesson->source;

        *ret_len = 0;
        if (line == 0 || line > parsing->n_lines)
                return "";
        *ret_len = line_length(text, parsing->lines[line - 1], parsing->lines[line]);
        return text + parsing->lines[line - 1];
}

/* To the beginning of the character that at lies in. */
static size_t character_start(const char *line, size_t at)
{
        while (at > 0 && ((unsigned char)line[at] & 0xc0) == 0x80)
                at--;
        return at;
}

/* The line, and a caret under byte `at` of it. */
static char *excerpt_of(const char *line, size_t len, size_t at)
{
        struct str excerpt = { 0 };
        size_t from = 0, n = len;
        own_free char *before = NULL, *shown = NULL;

        if (at > len)
                at = len;
        if (len > EXCERPT_MAX) {
                from = at > EXCERPT_BEFORE ? character_start(line, at - EXCERPT_BEFORE) : 0;
                n = len - from;
                if (n > EXCERPT_MAX)
                        n = character_start(line, from + EXCERPT_MAX) - from;
        }
        before = text_escape(line + from, at - from, false);
        shown = text_escape(line + from, n, false);
        str_add_f(&excerpt, "%s\n", shown);
        for (int i = text_width(before); i > 0; i--)
                str_add_c(&excerpt, ' ');
        str_add_c(&excerpt, '^');
        return str_take(&excerpt);
}

static char *find_excerpt(const struct lesson *lesson, unsigned line, unsigned column)
{
        own_free size_t *lines = NULL;
        size_t n = source_index(lesson->source, lesson->source_len, &lines);

        if (line == 0 || line > n)
                return NULL;
        return excerpt_of(lesson->source + lines[line - 1],
                          line_length(lesson->source, lines[line - 1], lines[line]), column - 1);
}

bool source_error(const struct lesson *lesson, unsigned line, unsigned column, struct lesson_error *error,
                  const char *why, ...)
{
        size_t n = strlen(lesson->path);
        const char *path = n > PATH_SHOWN ? lesson->path + n - PATH_SHOWN : lesson->path;
        struct lesson_error ret = { .line = line, .column = column };
        own_free char *shown = text_escape(path, strlen(path), false);
        char reason[sizeof(ret.fault.why)];
        va_list args;

        if (!error)
                return false;
        va_start(args, why);
        vsnprintf(reason, sizeof(reason), why, args);
        va_end(args);
        fault_why(&ret.fault, "lesson", "%s", reason);
        if (line)
                snprintf(ret.fault.path, sizeof(ret.fault.path), "%.200s:%u:%u", shown, line, column);
        else
                snprintf(ret.fault.path, sizeof(ret.fault.path), "%.200s", shown);
        if (line)
                ret.excerpt = find_excerpt(lesson, line, column);
        *error = ret;
        return false;
}

static bool is_control(uint32_t c)
{
        return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7f && c < 0xa0);
}

static bool complain(const struct lesson *lesson, size_t at, struct lesson_error *error, const char *what,
                     unsigned value)
{
        own_free size_t *lines = NULL;
        size_t n = source_index(lesson->source, lesson->source_len, &lines), line = 0;

        while (line + 1 < n && lines[line + 1] <= at)
                line++;
        return source_error(lesson, (unsigned)line + 1, (unsigned)(at - lines[line]) + 1, error,
                            "%s (0x%02x)", what, value);
}

bool source_check(const struct lesson *lesson, struct lesson_error *error)
{
        const char *text = lesson->source;

        for (size_t at = 0; at < lesson->source_len;) {
                uint32_t c;
                size_t n = text_decode(text + at, lesson->source_len - at, &c);

                if (n == 0)
                        return complain(lesson, at, error, "this is not valid UTF-8",
                                        (unsigned char)text[at]);
                if (is_control(c))
                        return complain(lesson, at, error,
                                        c ? "a control character" : "a NUL byte: this is not text", c);
                at += n;
        }
        return true;
}

void lesson_error_finish(struct lesson_error *error)
{
        free(error->excerpt);
        *error = (struct lesson_error){ 0 };
}
