/* SPDX-License-Identifier: MIT */
/* pflag's grammar, which docker's and podman's command lines follow. */
#include "config.h"

#include "spec/spec.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "spec/flags.h"

struct words {
        int argc;
        char *const *argv;
        int at;
};

const char *flags_bool(const char *value)
{
        static const char *const yes[] = { "1", "t", "T", "TRUE", "true", "True" };
        static const char *const no[] = { "0", "f", "F", "FALSE", "false", "False" };

        for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
                if (strcmp(value, yes[i]) == 0)
                        return "true";
                if (strcmp(value, no[i]) == 0)
                        return "false";
        }
        return NULL;
}

const char spec_see_help[] = "vitrine run --help lists the flags";

static bool refuse_bool(struct flag_parse *p, const struct flag *flag, const char *shown, const char *value)
{
        char names[64];

        if (flag->letter)
                snprintf(names, sizeof(names), "-%c, --%s", flag->letter, flag->name);
        else
                snprintf(names, sizeof(names), "--%s", flag->name);
        fault_why(p->fault, shown,
                  "invalid argument \"%.60s\" for \"%s\" flag: strconv.ParseBool: parsing \"%.60s\": invalid "
                  "syntax",
                  value, names, value);
        return fault_hint(p->fault, "--%s, or --%s=false", flag->name, flag->name);
}

static bool set_flag(struct flag_parse *p, const struct flag *flag, const char *shown, const char *value)
{
        if (flag->kind == FLAG_BOOL) {
                const char *word = flags_bool(value);

                if (!word)
                        return refuse_bool(p, flag, shown, value);
                value = word;
                /* -d=false asks for what there is anyway. */
                if (!flag->take && *value == 'f')
                        return true;
        }
        if (flag->take)
                return flag->take(p, shown, value);
        fault_why(p->fault, shown, "%s", flag->text);
        return fault_hint(p->fault, "%s", flag->remedy);
}

static bool unknown_flag(struct flag_parse *p, const char *word, const char *name, size_t n)
{
        own_free char *flag = xstrndup(name, n);
        const char *near = flags_near(p, flag);

        fault_why(p->fault, word, "unknown flag: --%s", flag);
        return near ? fault_hint(p->fault, "did you mean --%s?", near)
                    : fault_hint(p->fault, "%s", spec_see_help);
}

static bool needs_argument(struct flag_parse *p, const struct flag *flag, const char *word, const char *what)
{
        fault_why(p->fault, word, "flag needs an argument: %s", what);
        return fault_hint(p->fault, "--%s %s", flag->name, flag->meta ? flag->meta : "VALUE");
}

static bool parse_long(struct flag_parse *p, struct words *words)
{
        const char *word = words->argv[words->at++], *name = word + 2, *value;
        size_t n = strcspn(name, "=");
        const struct flag *flag;
        own_free char *shown = NULL;

        if (*name == '-' || *name == '=')
                return fault_why(p->fault, word, "bad flag syntax: %s", word) ||
                       fault_hint(p->fault, "%s", spec_see_help);
        flag = flags_find(p, name, n);
        if (!flag)
                return unknown_flag(p, word, name, n);
        if (name[n] == '=')
                return set_flag(p, flag, word, name + n + 1);
        if (flag->kind == FLAG_BOOL)
                return set_flag(p, flag, word, "true");
        if (words->at >= words->argc)
                return needs_argument(p, flag, word, word);
        value = words->argv[words->at++];
        shown = xasprintf("%s %s", word, value);
        return set_flag(p, flag, shown, value);
}

static bool unknown_letter(struct flag_parse *p, const char *word, const char *at)
{
        unsigned char c = (unsigned char)*at;

        if (isprint(c) && c < 0x7f)
                fault_why(p->fault, word, "unknown shorthand flag: '%c' in -%s", c, at);
        else
                fault_why(p->fault, word, "unknown shorthand flag: '\\x%02x' in -%s", c, at);
        if (strlen(word) > 2 && flags_find(p, word + 1, strcspn(word + 1, "=")))
                return fault_hint(p->fault, "did you mean -%s?", word);
        return fault_hint(p->fault, "%s", spec_see_help);
}

/* One letter at c; *ret_end says that the rest of the word was its value. */
static bool parse_letter(struct flag_parse *p, struct words *words, const char *word, const char *c,
                         bool *ret_end)
{
        const struct flag *flag = flags_find_letter(*c);
        own_free char *shown = NULL;
        const char *value;
        char what[160];

        if (!flag)
                return unknown_letter(p, word, c);
        *ret_end = true;
        if (c[1] == '=' && c[2]) {
                shown = xasprintf("-%s", c);
                return set_flag(p, flag, shown, c + 2);
        }
        if (flag->kind == FLAG_BOOL) {
                *ret_end = false;
                shown = xasprintf("-%c", *c);
                return set_flag(p, flag, shown, "true");
        }
        if (c[1]) {
                shown = xasprintf("-%s", c);
                return set_flag(p, flag, shown, c + 1);
        }
        if (words->at >= words->argc) {
                snprintf(what, sizeof(what), "'%c' in -%c", *c, *c);
                return needs_argument(p, flag, word, what);
        }
        value = words->argv[words->at++];
        shown = xasprintf("-%c %s", *c, value);
        return set_flag(p, flag, shown, value);
}

static bool parse_letters(struct flag_parse *p, struct words *words)
{
        const char *word = words->argv[words->at++];
        bool end = false;

        for (const char *c = word + 1; *c && !end; c++)
                if (!parse_letter(p, words, word, c, &end))
                        return false;
        return true;
}

static bool parse_words(struct flag_parse *p, struct words *words)
{
        while (words->at < words->argc) {
                const char *word = words->argv[words->at];
                bool ok;

                if (word[0] != '-' || !word[1])
                        break;
                if (strcmp(word, "--") == 0) {
                        words->at++;
                        break;
                }
                ok = word[1] == '-' ? parse_long(p, words) : parse_letters(p, words);
                if (!ok)
                        return false;
        }
        if (words->at < words->argc) {
                free(p->spec.image);
                p->spec.image = xstrdup(words->argv[words->at++]);
        }
        while (words->at < words->argc)
                strv_add(&p->spec.args, words->argv[words->at++]);
        /* Who asks for help is not told about a namespace or a capability first. */
        return p->help || (flags_resolve_ns(p) && flags_resolve_caps(p));
}

static bool parse_line(enum engine engine, int argc, char *const *argv, struct spec *ret,
                       struct view_flags *views, bool *ret_trace, bool *ret_help, struct fault *fault)
{
        struct flag_parse parse = { .has_views = views != NULL,
                                    .has_trace = ret_trace != NULL,
                                    .fault = fault };
        struct words words = { .argc = argc, .argv = argv };
        bool ok;

        spec_init(&parse.spec);
        parse.spec.engine = engine;
        if (views)
                parse.views = *views;
        ok = parse_words(&parse, &words);
        strv_finish(&parse.cap_add);
        strv_finish(&parse.cap_drop);
        flags_finish_ns(&parse);
        if (!ok) {
                spec_finish(&parse.spec);
                return false;
        }
        *ret = parse.spec;
        if (views)
                *views = parse.views;
        if (ret_trace)
                *ret_trace = parse.trace;
        if (ret_help)
                *ret_help = parse.help;
        return true;
}

bool spec_parse_as(enum engine engine, int argc, char *const *argv, struct spec *ret,
                   struct view_flags *views, bool *ret_help, struct fault *fault)
{
        return parse_line(engine, argc, argv, ret, views, NULL, ret_help, fault);
}

bool spec_parse_run(enum engine engine, int argc, char *const *argv, struct spec *ret, bool *ret_trace,
                    bool *ret_help, struct fault *fault)
{
        return parse_line(engine, argc, argv, ret, NULL, ret_trace, ret_help, fault);
}

bool spec_parse(int argc, char *const *argv, struct spec *ret, struct view_flags *views, bool *ret_help,
                struct fault *fault)
{
        return spec_parse_as(ENGINE_DOCKER, argc, argv, ret, views, ret_help, fault);
}
