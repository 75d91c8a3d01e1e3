/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "image/dockerfile.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/own.h"
#include "caps/near.h"
#include "image/dockerfile_words.h"
#include "image/text_file.h"

static const char *const names[INSTRUCTIONS_N] = {
        [INSTRUCTION_ADD] = "ADD",
        [INSTRUCTION_ARG] = "ARG",
        [INSTRUCTION_CMD] = "CMD",
        [INSTRUCTION_COPY] = "COPY",
        [INSTRUCTION_ENTRYPOINT] = "ENTRYPOINT",
        [INSTRUCTION_ENV] = "ENV",
        [INSTRUCTION_EXPOSE] = "EXPOSE",
        [INSTRUCTION_FROM] = "FROM",
        [INSTRUCTION_HEALTHCHECK] = "HEALTHCHECK",
        [INSTRUCTION_LABEL] = "LABEL",
        [INSTRUCTION_MAINTAINER] = "MAINTAINER",
        [INSTRUCTION_ONBUILD] = "ONBUILD",
        [INSTRUCTION_RUN] = "RUN",
        [INSTRUCTION_SHELL] = "SHELL",
        [INSTRUCTION_STOPSIGNAL] = "STOPSIGNAL",
        [INSTRUCTION_USER] = "USER",
        [INSTRUCTION_VOLUME] = "VOLUME",
        [INSTRUCTION_WORKDIR] = "WORKDIR",
};

struct reading {
        const char *name; /* of the file */
        const char *at;
        unsigned line; /* of the line that was read last */
        bool directives_end, escape_said;
        struct dockerfile file;
        struct fault *fault;
};

/* A part of the text, in which nothing is changed. */
struct part {
        const char *s;
        size_t n;
};

const char *instruction_name(enum instruction_kind kind)
{
        return names[kind];
}

void dockerfile_finish(struct dockerfile *dockerfile)
{
        for (size_t i = 0; i < dockerfile->n; i++) {
                strv_finish(&dockerfile->v[i].flags);
                free(dockerfile->v[i].text);
        }
        free(dockerfile->v);
        *dockerfile = (struct dockerfile){ 0 };
}

static struct part trim_left(struct part part)
{
        while (part.n && isspace((unsigned char)*part.s)) {
                part.s++;
                part.n--;
        }
        return part;
}

static struct part trim(struct part part)
{
        part = trim_left(part);
        while (part.n && isspace((unsigned char)part.s[part.n - 1]))
                part.n--;
        return part;
}

/* The next line without its end; false when there is none. */
static bool next_line(struct reading *r, struct part *ret)
{
        size_t n = strcspn(r->at, "\n");

        if (!*r->at)
                return false;
        *ret = (struct part){ r->at, n };
        r->at += n + (r->at[n] == '\n');
        if (ret->n && ret->s[ret->n - 1] == '\r')
                ret->n--;
        r->line++;
        return true;
}

static bool is_comment(struct part line)
{
        line = trim_left(line);
        return line.n && *line.s == '#';
}

/* NAME=VALUE of `# name = value`, cut and trimmed; false when the comment is none. */
static bool split_directive(struct part line, struct part *ret_name, struct part *ret_value)
{
        struct part rest = trim((struct part){ line.s + 1, line.n - 1 });
        const char *equals = rest.n ? memchr(rest.s, '=', rest.n) : NULL;

        if (!equals)
                return false;
        *ret_name = trim((struct part){ rest.s, (size_t)(equals - rest.s) });
        *ret_value = trim((struct part){ equals + 1, rest.n - (size_t)(equals - rest.s) - 1 });
        for (size_t i = 0; i < ret_name->n; i++)
                if (!isalnum((unsigned char)ret_name->s[i]))
                        return false;
        return ret_name->n && ret_value->n;
}

static bool part_is(struct part part, const char *word)
{
        return part.n == strlen(word) && strncasecmp(part.s, word, part.n) == 0;
}

static bool take_escape(struct reading *r, struct part value)
{
        if (r->escape_said)
                return text_file_fault(r->fault, r->name, r->line,
                                       "only one escape parser directive can be used");
        if (value.n != 1 || !strchr("\\`", *value.s))
                return text_file_fault(r->fault, r->name, r->line, "invalid ESCAPE '%.*s'. Must be ` or \\",
                                       value.n < 40 ? (int)value.n : 40, value.s);
        r->file.escape = *value.s;
        r->escape_said = true;
        return true;
}

/* Comments that say something to the reader stand in front of all else, and end with the first line that is
 * no such comment. */
static bool take_directive(struct reading *r, struct part line)
{
        struct part key, value;

        if (r->directives_end)
                return true;
        line = trim(line);
        if (is_comment(line) && split_directive(line, &key, &value)) {
                if (part_is(key, "escape"))
                        return take_escape(r, value);
                if (part_is(key, "syntax") || part_is(key, "check"))
                        return true;
        }
        r->directives_end = true;
        return true;
}

/* Cuts an escape at the line's end, which says that the next line belongs to it. */
static bool cut_continuation(const struct reading *r, struct part *line)
{
        size_t n = line->n;

        while (n && (line->s[n - 1] == ' ' || line->s[n - 1] == '\t'))
                n--;
        if (n == 0 || line->s[n - 1] != r->file.escape)
                return false;
        line->n = n - 1;
        return true;
}

/* The words in front that begin with --; what stands behind them comes back. */
static struct part take_flags(struct part text, struct strv *flags)
{
        for (;;) {
                size_t n = 0;

                if (text.n < 2 || text.s[0] != '-' || text.s[1] != '-')
                        return text;
                while (n < text.n && !isspace((unsigned char)text.s[n]))
                        n++;
                if (n > 2)
                        strv_add_take(flags, xstrndup(text.s, n));
                text = trim_left((struct part){ text.s + n, text.n - n });
                /* -- alone ends them. */
                if (n == 2)
                        return text;
        }
}

static bool unknown_instruction(struct reading *r, struct part word, unsigned line)
{
        own_free char *text = xstrndup(word.s, word.n < 60 ? word.n : 60);
        const char *near = NULL;
        unsigned least = 3;

        for (char *c = text; *c; c++)
                *c = (char)toupper((unsigned char)*c);
        text_file_fault(r->fault, r->name, line, "unknown instruction: %s", text);
        for (size_t i = 0; i < INSTRUCTIONS_N; i++) {
                unsigned distance = near_distance(text, names[i]);

                if (distance < least && distance < strlen(text)) {
                        least = distance;
                        near = names[i];
                }
        }
        return near ? fault_hint(r->fault, "did you mean %s?", near)
                    : fault_hint(r->fault,
                                 "a line begins with an instruction (FROM, USER, ENV, CMD ...), and "
                                 "one that goes on ends with %c",
                                 r->file.escape);
}

static bool add_instruction(struct reading *r, struct part joined, unsigned line)
{
        struct part text = trim(joined), word = { text.s, 0 };
        struct instruction *instruction;
        size_t kind = 0;

        if (!text.n)
                return true;
        while (word.n < text.n && !isspace((unsigned char)text.s[word.n]))
                word.n++;
        while (kind < INSTRUCTIONS_N && !part_is(word, names[kind]))
                kind++;
        if (kind == INSTRUCTIONS_N)
                return unknown_instruction(r, word, line);
        if ((r->file.n & (r->file.n - 1)) == 0)
                r->file.v = xrealloc(r->file.v, r->file.n ? r->file.n * 2 : 1, sizeof(*r->file.v));
        instruction = &r->file.v[r->file.n++];
        *instruction = (struct instruction){ .kind = (enum instruction_kind)kind, .line = line };
        text = take_flags(trim_left((struct part){ text.s + word.n, text.n - word.n }), &instruction->flags);
        instruction->text = xstrndup(text.s, text.n);
        return true;
}

/* Whether a word says that lines follow, up to one that is *ret_end (which the caller owns): <<WORD, <<-WORD
 * where tabs in front of them do not count, with quotes, with a descriptor's number (BuildKit's heredocs). */
static bool is_heredoc(const char *word, bool *ret_tabs, char **ret_end)
{
        struct str end = { 0 };

        word += strspn(word, "0123456789");
        if (strncmp(word, "<<", 2) != 0 || strchr(word + 2, '<'))
                return false;
        word += 2;
        *ret_tabs = *word == '-';
        for (word += *ret_tabs; *word; word++)
                if (!strchr("\"'\\", *word))
                        str_add_c(&end, *word);
        *ret_end = str_take(&end);
        if (**ret_end)
                return true;
        free(take_ptr(*ret_end));
        return false;
}

static void skip_to(struct reading *r, const char *end, bool tabs)
{
        struct part line;

        while (next_line(r, &line)) {
                while (tabs && line.n && *line.s == '\t') {
                        line.s++;
                        line.n--;
                }
                if (line.n == strlen(end) && memcmp(line.s, end, line.n) == 0)
                        return;
        }
}

/* Those instructions alone have such lines, and all of them are refused: the lines are passed over. */
static void skip_heredocs(struct reading *r, const struct instruction *instruction)
{
        static const enum instruction_kind kinds[] = { INSTRUCTION_RUN, INSTRUCTION_COPY, INSTRUCTION_ADD };
        const char *name =
                instruction->kind == INSTRUCTION_ONBUILD ? instruction->text : names[instruction->kind];
        struct part word = { name, strcspn(name, " \t") };
        struct strv words = { 0 };
        bool has = false, tabs;
        char *end;

        for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
                has = has || part_is(word, names[kinds[i]]);
        if (has)
                dockerfile_split(instruction->text, r->file.escape, &words);
        for (size_t i = 0; i < words.n; i++) {
                if (!is_heredoc(words.v[i], &tabs, &end))
                        continue;
                skip_to(r, end, tabs);
                free(end);
        }
        strv_finish(&words);
}

/* One instruction with the lines that belong to it. Comments and blank lines between them are passed over. */
static bool take_instruction(struct reading *r, struct part first)
{
        unsigned begin = r->line;
        struct part line = trim_left(first);
        struct str joined = { 0 };
        bool more = cut_continuation(r, &line), ok;
        size_t n;

        str_add_n(&joined, line.s, line.n);
        while (more && next_line(r, &line)) {
                if (is_comment(line) || !trim_left(line).n)
                        continue;
                more = cut_continuation(r, &line);
                str_add_n(&joined, line.s, line.n);
        }
        n = r->file.n;
        ok = add_instruction(r, (struct part){ str_text(&joined), joined.len }, begin);
        if (ok && r->file.n > n)
                skip_heredocs(r, &r->file.v[n]);
        str_finish(&joined);
        return ok;
}

static bool read_all(struct reading *r)
{
        struct part line;

        if (strncmp(r->at, "\xef\xbb\xbf", 3) == 0)
                r->at += 3;
        if (!*r->at)
                return text_file_fault(r->fault, r->name, 1, "the Dockerfile cannot be empty");
        while (next_line(r, &line)) {
                if (!take_directive(r, line))
                        return false;
                if (!is_comment(line) && !take_instruction(r, line))
                        return false;
        }
        return r->file.n || text_file_fault(r->fault, r->name, r->line, "file with no instructions");
}

bool dockerfile_parse(const char *name, const char *text, struct dockerfile *ret, struct fault *fault)
{
        struct reading r = { .name = name, .at = text, .file.escape = '\\', .fault = fault };

        if (!read_all(&r)) {
                dockerfile_finish(&r.file);
                return false;
        }
        *ret = r.file;
        return true;
}
