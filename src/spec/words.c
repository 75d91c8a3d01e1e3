/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "spec/spec.h"

#include <string.h>

#include "base/own.h"
#include "spec/quote.h"

/* One word under way. */
struct splitting {
        const char *at;
        struct str word;
        bool open; /* a word has begun, if only with quotes around nothing */
};

/* From behind an opening single quote to behind the closing one. */
static bool take_single(struct splitting *s)
{
        size_t n = strcspn(s->at, "'");

        str_add_n(&s->word, s->at, n);
        s->at += n;
        if (!*s->at)
                return false;
        s->at++;
        return true;
}

static bool take_double(struct splitting *s)
{
        while (*s->at && *s->at != '"') {
                /* Between double quotes a backslash is one but before these. */
                if (s->at[0] == '\\' && s->at[1] == '\n') {
                        s->at += 2;
                        continue;
                }
                if (s->at[0] == '\\' && s->at[1] && strchr("$`\"\\", s->at[1]))
                        s->at++;
                str_add_c(&s->word, *s->at++);
        }
        if (!*s->at)
                return false;
        s->at++;
        return true;
}

/* From behind a backslash. */
static void take_escaped(struct splitting *s)
{
        if (*s->at == '\n') {
                s->at++;
                return;
        }
        s->open = true;
        str_add_c(&s->word, (char)(*s->at ? *s->at++ : '\\'));
}

static void end_word(struct splitting *s, struct strv *words)
{
        if (s->open)
                strv_add_take(words, str_take(&s->word));
        s->open = false;
}

static bool not_closed(struct fault *fault, char quote)
{
        return fault_why(fault, "read the line", "the quote %c is not closed", quote);
}

static bool split(struct splitting *s, struct strv *words, struct fault *fault)
{
        while (*s->at) {
                char c = *s->at++;

                if (c == ' ' || c == '\t' || c == '\n') {
                        end_word(s, words);
                } else if (c == '\'' || c == '"') {
                        s->open = true;
                        if (c == '\'' ? !take_single(s) : !take_double(s))
                                return not_closed(fault, c);
                } else if (c == '$' && *s->at == '\'') {
                        s->open = true;
                        s->at++;
                        if (!quote_take(&s->at, &s->word))
                                return not_closed(fault, '\'');
                } else if (c == '\\') {
                        take_escaped(s);
                } else {
                        s->open = true;
                        str_add_c(&s->word, c);
                }
        }
        end_word(s, words);
        return true;
}

bool spec_split_line(const char *line, struct strv *ret, struct fault *fault)
{
        struct splitting s = { .at = line };
        struct strv words = { 0 };
        bool ok = split(&s, &words, fault);

        str_finish(&s.word);
        if (!ok) {
                strv_finish(&words);
                return false;
        }
        *ret = words;
        return true;
}

static bool is_word(const struct strv *words, size_t at, const char *word)
{
        return at < words->n && strcmp(words->v[at], word) == 0;
}

/* The program's name without its directory. */
static const char *program(const struct strv *words, size_t at)
{
        const char *slash = at < words->n ? strrchr(words->v[at], '/') : NULL;

        if (at >= words->n)
                return "";
        return slash ? slash + 1 : words->v[at];
}

/* Lines that are no `run`, and what vitrine has for them. */
static const struct {
        const char *first, *second; /* second: NULL where one word says it */
        const char *does, *here;
} others[] = {
        { "build", NULL, "makes an image of a Dockerfile", "vitrine build -t NAME [-f FILE] DIR" },
        { "buildx", "build", "makes an image of a Dockerfile", "vitrine build -t NAME [-f FILE] DIR" },
        { "image", "build", "makes an image of a Dockerfile", "vitrine build -t NAME [-f FILE] DIR" },
        { "images", NULL, "lists images", "vitrine images" },
        { "image", "ls", "lists images", "vitrine images" },
        { "rmi", NULL, "removes images", "vitrine rmi NAME" },
        { "image", "rm", "removes images", "vitrine rmi NAME" },
        { "exec", NULL, "starts one more process in a container that runs",
          "vitrine exec [-u USER] NAME COMMAND" },
        { "container", "exec", "starts one more process in a container that runs",
          "vitrine exec [-u USER] NAME COMMAND" },
};

static int other_command(const struct strv *words, size_t at, struct fault *fault)
{
        own_free char *step = xasprintf("%s%s%s", words->v[at], at + 1 < words->n ? " " : "",
                                        at + 1 < words->n ? words->v[at + 1] : "");

        for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
                if (!is_word(words, at + 1, others[i].first) ||
                    (others[i].second && !is_word(words, at + 2, others[i].second)))
                        continue;
                fault_why(fault, step, "such a line starts no container: it %s", others[i].does);
                fault_hint(fault, "here that is: %s", others[i].here);
                return -1;
        }
        fault_why(fault, step, "only a `run` line says what a container is to be");
        fault_hint(fault, "%.60s run [FLAGS] IMAGE [COMMAND]", program(words, at));
        return -1;
}

/* vitrine's own line may go without a subcommand: it is the view's then. */
static int own_prefix(const struct strv *words, size_t at, struct fault *fault)
{
        static const char *const commands[] = { "run", "tui", "snapshot", "probe", "explain" };
        static const char *const rest[] = { "exec",   "build", "images", "rmi",
                                            "attach", "learn", "play",   "doctor" };

        for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]); i++)
                if (is_word(words, at + 1, rest[i]))
                        return other_command(words, at, fault);
        for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
                if (is_word(words, at + 1, commands[i]))
                        return (int)at + 2;
        return (int)at + 1;
}

/* Behind sudo's own words: flags, the values of those that have one, variables. */
static size_t skip_sudo(const struct strv *words, size_t at)
{
        static const char *const valued[] = { "-u",       "--user",   "-g", "--group", "-h",      "--host",
                                              "-p",       "--prompt", "-C", "-D",      "--chdir", "-R",
                                              "--chroot", "-T",       "-r", "-t" };

        for (; at < words->n; at++) {
                const char *word = words->v[at];

                for (size_t i = 0; i < sizeof(valued) / sizeof(valued[0]); i++)
                        if (strcmp(word, valued[i]) == 0)
                                at++;
                if (word[0] != '-' && !strchr(word, '='))
                        break;
        }
        return at < words->n ? at : words->n;
}

static bool is_program(const char *name)
{
        static const char *const names[] = { "docker", "podman", "nerdctl", "vitrine", "sudo" };

        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
                if (strcmp(names[i], name) == 0)
                        return true;
        return false;
}

/* A line is pasted with the shell's prompt before it: $, # or %, alone or behind who and where. No image's
 * name ends so. */
static bool is_prompt(const struct strv *words)
{
        size_t n = words->n ? strlen(words->v[0]) : 0;

        return n && strchr("$#%", words->v[0][n - 1]) && is_program(program(words, 1));
}

int spec_line_prefix(const struct strv *words, enum engine *engine, struct fault *fault)
{
        const size_t first = is_prompt(words);
        size_t at = first;
        const char *name;

        if (strcmp(program(words, at), "sudo") == 0)
                at = skip_sudo(words, at + 1);
        name = program(words, at);
        if (strcmp(name, "vitrine") == 0)
                return own_prefix(words, at, fault);
        if (strcmp(name, "docker") != 0 && strcmp(name, "podman") != 0 && strcmp(name, "nerdctl") != 0) {
                if (at == first)
                        return 0;
                fault_why(fault, "sudo", "no `docker run` line stands behind it");
                return -1;
        }
        if (is_word(words, at + 1, "run"))
                at += 2;
        else if (is_word(words, at + 1, "container") && is_word(words, at + 2, "run"))
                at += 3;
        else
                return other_command(words, at, fault);
        *engine = strcmp(name, "podman") == 0 ? ENGINE_PODMAN : ENGINE_DOCKER;
        return (int)at;
}
