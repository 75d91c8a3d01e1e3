/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "lesson/lesson_parse.h"

#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "caps/near.h"
#include "spec/spec.h"

enum { WAIT_MAX_MS = 600 * 1000 };

const char *const lesson_do_names[DO_N] = { "run", "build", "key", "exec", "probe", "wait" };

static bool split(struct parsing *parsing, const struct place *place, struct strv *ret)
{
        struct fault fault = { 0 };

        if (!spec_split_line(place->text, ret, &fault))
                return source_error(parsing->lesson, place->line, place->column, parsing->error, "%s",
                                    fault.why);
        return true;
}

/* A lesson is one file, and brings nothing of the machine on which it is opened into its container. */
static bool stays_apart(const struct spec *spec, struct fault *fault)
{
        if (strncmp(spec->image, "dir:", 4) == 0) {
                fault_why(fault, "run", "a lesson takes no folder of this machine: %.80s", spec->image);
                return fault_hint(fault, "ubuntu, or an image that the lesson builds itself");
        }
        for (size_t i = 0; i < spec->env.n; i++)
                if (!strchr(spec->env.v[i], '=')) {
                        fault_why(fault, "run", "a lesson reads no variable of this machine: -e %.80s",
                                  spec->env.v[i]);
                        return fault_hint(fault, "-e NAME=VALUE");
                }
        if (!*spec->seccomp || strcmp(spec->seccomp, "unconfined") == 0)
                return true;
        fault_why(fault, "run", "a lesson reads no file of this machine: seccomp=%.80s", spec->seccomp);
        return fault_hint(fault, "seccomp=unconfined");
}

bool do_parse_run(struct parsing *parsing, const struct place *place, struct strv *ret)
{
        struct strv words = { 0 };
        struct fault fault = { 0 };
        enum engine engine = ENGINE_DOCKER;
        struct spec spec;
        char line[512];
        bool help = false;
        int n;

        if (!split(parsing, place, &words))
                return false;
        n = spec_line_prefix(&words, &engine, &fault);
        if (n == 0)
                fault_why(&fault, "run", "the line begins with `docker run` or `podman run`");
        if (n > 0 && spec_parse_as(engine, (int)words.n - n, words.v + n, &spec, NULL, &help, &fault)) {
                if (!*spec.image)
                        n = fault_why(&fault, "run", "the line names no image");
                else if (!stays_apart(&spec, &fault))
                        n = 0;
                else
                        *ret = words;
                spec_finish(&spec);
        } else {
                n = 0;
        }
        if (n > 0)
                return true;
        strv_finish(&words);
        fault_line(&fault, line, sizeof(line));
        source_error(parsing->lesson, place->line, place->column, parsing->error, "%.240s", line);
        return fault.hint[0] && parsing->error ? fault_hint(&parsing->error->fault, "%s", fault.hint) : false;
}

static bool parse_run(struct parsing *parsing, const struct place *place, struct lesson_do *ret)
{
        return do_parse_run(parsing, place, &ret->words);
}

/* Of a build's words the one that reads this machine, or NULL: a Dockerfile or a folder that is not the
 * lesson's, a variable of the environment. */
static const char *reaches_out(const struct strv *words)
{
        for (size_t i = 2; i < words->n; i++) {
                const char *word = words->v[i], *arg = NULL;

                if (strncmp(word, "-f", 2) == 0 || strncmp(word, "--file", 6) == 0)
                        return word;
                if (strncmp(word, "--build-arg=", 12) == 0)
                        arg = word + 12;
                else if (strcmp(word, "--build-arg") == 0 && i + 1 < words->n)
                        arg = words->v[++i];
                if (arg && !strchr(arg, '='))
                        return arg;
        }
        return strcmp(words->v[words->n - 1], ".") == 0 ? NULL : words->v[words->n - 1];
}

static bool parse_build(struct parsing *parsing, const struct place *place, struct lesson_do *ret)
{
        const struct strv *words = &ret->words;
        const char *out;

        if (!split(parsing, place, &ret->words))
                return false;
        if (words->n > 2 && strcmp(words->v[1], "build") == 0 &&
            (strcmp(words->v[0], "docker") == 0 || strcmp(words->v[0], "podman") == 0)) {
                out = reaches_out(words);
                return !out || source_error(parsing->lesson, place->line, place->column, parsing->error,
                                            "a lesson builds its own dockerfile block alone (docker build "
                                            "-t NAME .), and not from %.80s",
                                            out);
        }
        return source_error(parsing->lesson, place->line, place->column, parsing->error,
                            "the line is `docker build -t NAME .`");
}

static bool parse_key(struct parsing *parsing, const struct place *place, struct lesson_do *ret)
{
        for (const char *at = place->text; *at;) {
                size_t n = strcspn(at, " \t");
                unsigned column = place->column + (unsigned)(at - place->text);
                own_free char *key = xstrndup(at, n);
                const char *never = NULL;

                /* y answers dialogs; whoever plays the lesson gives that answer, not the lesson. */
                if (strcmp(key, "y") == 0)
                        return source_error(parsing->lesson, place->line, column, parsing->error,
                                            "a lesson never presses y: dialogs are answered for it");
                if (parsing->rules && parsing->rules->is_key && !parsing->rules->is_key(key))
                        return source_error(parsing->lesson, place->line, column, parsing->error,
                                            "the screen has no key %.40s", key);
                if (parsing->rules && parsing->rules->why_never)
                        never = parsing->rules->why_never(key);
                if (never)
                        return source_error(parsing->lesson, place->line, column, parsing->error,
                                            "a lesson never presses %.40s: %s", key, never);
                strv_add(&ret->words, key);
                at += n + strspn(at + n, " \t");
        }
        return true;
}

/* Takes -u USER off the front; returns how many words that were, -1 when USER is missing. */
static int take_user(const struct strv *words, char **ret)
{
        const char *first = words->n ? words->v[0] : "";

        if (strcmp(first, "-u") == 0 || strcmp(first, "--user") == 0) {
                if (words->n < 2)
                        return -1;
                *ret = xstrdup(words->v[1]);
                return 2;
        }
        if (strncmp(first, "--user=", 7) == 0)
                *ret = xstrdup(first + 7);
        else if (strncmp(first, "-u", 2) == 0)
                *ret = xstrdup(first[2] == '=' ? first + 3 : first + 2);
        return *ret != NULL;
}

static bool parse_exec(struct parsing *parsing, const struct place *place, struct lesson_do *ret)
{
        struct strv words = { 0 };
        own_free char *user = NULL;
        int n;

        if (!split(parsing, place, &words))
                return false;
        n = take_user(&words, &user);
        for (size_t i = n < 0 ? words.n : (size_t)n; i < words.n; i++)
                strv_add(&ret->words, words.v[i]);
        strv_finish(&words);
        if (user) {
                free(ret->user);
                ret->user = take_ptr(user);
        }
        if (n >= 0 && ret->words.n && ret->words.v[0][0] != '-')
                return true;
        return source_error(parsing->lesson, place->line, place->column, parsing->error,
                            n >= 0 && ret->words.n ? "exec takes -u USER alone in front of the command"
                                                   : "exec is followed by a command: exec [-u USER] COMMAND");
}

static bool parse_probe(struct parsing *parsing, const struct place *place, struct lesson_do *ret)
{
        (void)ret;
        return !*place->text || source_error(parsing->lesson, place->line, place->column, parsing->error,
                                             "nothing stands behind probe: all capabilities are probed");
}

/* Seconds, with up to three decimals. */
static bool parse_wait(struct parsing *parsing, const struct place *place, struct lesson_do *ret)
{
        const char *at = place->text;
        unsigned ms = 0, unit = 1000;

        for (; *at >= '0' && *at <= '9' && ms <= WAIT_MAX_MS; at++)
                ms = ms * 10 + (unsigned)(*at - '0') * 1000;
        if (*at == '.' && at > place->text)
                for (at++; *at >= '0' && *at <= '9' && unit > 1; at++)
                        ms += (unsigned)(*at - '0') * (unit /= 10);
        if (*at || ms == 0 || ms > WAIT_MAX_MS)
                return source_error(parsing->lesson, place->line, place->column, parsing->error,
                                    "wait is followed by seconds, more than 0 and at most 600");
        ret->wait_ms = ms;
        return true;
}

typedef bool parse_verb(struct parsing *parsing, const struct place *place, struct lesson_do *ret);

static parse_verb *const verbs[DO_N] = {
        [DO_RUN] = parse_run,   [DO_BUILD] = parse_build, [DO_KEY] = parse_key,
        [DO_EXEC] = parse_exec, [DO_PROBE] = parse_probe, [DO_WAIT] = parse_wait,
};

static bool unknown_verb(struct parsing *parsing, const struct place *place, const char *verb)
{
        const char *near = NULL;

        for (int i = 0; i < DO_N; i++)
                if (near_distance(verb, lesson_do_names[i]) <= 2 && strlen(verb) > 1)
                        near = lesson_do_names[i];
        source_error(parsing->lesson, place->line, place->column, parsing->error,
                     "do: knows no %.40s, only run, build, key, exec, probe and wait", verb);
        return near && parsing->error ? fault_hint(&parsing->error->fault, "%s?", near) : false;
}

static bool needs_line(enum lesson_do_kind kind)
{
        return kind != DO_PROBE;
}

bool do_parse(struct parsing *parsing, const struct place *place, struct lesson_do *ret)
{
        size_t n = strcspn(place->text, " \t");
        own_free char *verb = xstrndup(place->text, n);
        struct lesson_do d = { .at_line = place->line, .at_column = place->column };
        struct place rest = *place;
        int kind = 0;

        while (kind < DO_N && strcmp(verb, lesson_do_names[kind]) != 0)
                kind++;
        if (kind == DO_N)
                return unknown_verb(parsing, place, verb);
        n += strspn(place->text + n, " \t");
        rest.text += n;
        rest.column += (unsigned)n;
        d.kind = (enum lesson_do_kind)kind;
        if (!*rest.text && needs_line(d.kind))
                return source_error(parsing->lesson, rest.line, rest.column, parsing->error,
                                    "something must stand behind %s", verb);
        d.line = xstrdup(rest.text);
        d.user = xstrdup("");
        if (!verbs[kind](parsing, &rest, &d)) {
                do_finish(&d);
                return false;
        }
        *ret = d;
        return true;
}

void do_finish(struct lesson_do *d)
{
        free(d->line);
        free(d->user);
        strv_finish(&d->words);
}
