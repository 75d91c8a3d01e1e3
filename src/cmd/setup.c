/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "base/str.h"
#include "cmd/printed.h"
#include "spec/flags.h"
#include "spec/wrap.h"

enum { FLAG_INDENT = 34, HELP_WIDTH = 100 };

/* The help of a command that takes no run flags. */
static char *own_flags_help(const struct command *command)
{
        const struct flag *flags[COMMAND_FLAGS_MAX];
        size_t n = command_flags(command, flags);
        struct str help = { 0 };

        for (size_t i = 0; i < n; i++) {
                const char letter[] = { '-', flags[i]->letter, ',', '\0' };
                own_free char *head =
                        xasprintf("  %3s --%s%s%s", flags[i]->letter ? letter : "", flags[i]->name,
                                  flags[i]->meta ? " " : "", flags[i]->meta ? flags[i]->meta : "");

                wrap_add(&help, head, FLAG_INDENT, HELP_WIDTH, flags[i]->text);
        }
        return str_take(&help);
}

void command_help(const struct command *command)
{
        own_free char *flags = command->takes & TAKES_RUN ? spec_flags_help(command->takes & TAKES_VIEW)
                                                          : own_flags_help(command);
        struct str sentence = { 0 };

        wrap_add(&sentence, "", 0, HELP_WIDTH, command->sentence);
        printf("usage: vitrine %s %s\n\n%s\n%s", command->name, command->usage, str_text(&sentence), flags);
        printed_note();
        str_finish(&sentence);
}

static bool wants_json(int argc, char **argv)
{
        for (int i = 0; i < argc; i++)
                if (strcmp(argv[i], "--json") == 0)
                        return true;
        return false;
}

const struct flag *command_view_flag(const char *word)
{
        size_t n;

        if (strncmp(word, "--", 2) != 0)
                return NULL;
        n = strcspn(word + 2, "=");
        for (unsigned i = 0; i < view_flags_n; i++)
                if (strlen(view_flags_table[i].name) == n &&
                    strncmp(view_flags_table[i].name, word + 2, n) == 0)
                        return &view_flags_table[i];
        return NULL;
}

static bool check_own_words(const struct strv *words, struct fault *fault)
{
        for (size_t i = 0; i < words->n; i++) {
                const struct flag *flag = command_view_flag(words->v[i]);

                if (!flag)
                        return fault_why(fault, "VITRINE_FLAGS", "%.100s is no view flag", words->v[i]);
                if (flag->kind == FLAG_VALUE && !strchr(words->v[i], '='))
                        i++; /* its value; that there is one is the parser's business */
        }
        return true;
}

static bool parse_own_words(const struct strv *words, enum engine *ret_engine, struct view_flags *ret_views,
                            struct fault *fault)
{
        struct view_flags views = { 0 };
        struct spec spec;
        char step[sizeof(fault->step)];

        if (!check_own_words(words, fault)) {
                struct str names = { 0 };

                for (unsigned i = 0; i < view_flags_n; i++)
                        str_add_f(&names, "%s--%s", i ? ", " : "", view_flags_table[i].name);
                fault_hint(fault, "it may hold %s", str_text(&names));
                str_finish(&names);
                return false;
        }
        if (!spec_parse((int)words->n, words->v, &spec, &views, NULL, fault)) {
                snprintf(step, sizeof(step), "VITRINE_FLAGS: %.100s", fault->step);
                memcpy(fault->step, step, sizeof(step));
                return false;
        }
        *ret_engine = spec.engine;
        *ret_views = views;
        spec_finish(&spec);
        return true;
}

bool command_own_flags(enum engine *ret_engine, struct view_flags *ret_views, struct fault *fault)
{
        const char *text = getenv("VITRINE_FLAGS");
        struct strv words = { 0 };
        bool ok;

        if (!text)
                text = "";
        if (!spec_split_line(text, &words, fault)) {
                strv_finish(&words);
                snprintf(fault->step, sizeof(fault->step), "VITRINE_FLAGS");
                return false;
        }
        ok = parse_own_words(&words, ret_engine, ret_views, fault);
        strv_finish(&words);
        return ok;
}

bool command_refuse_record(struct fault *fault)
{
        fault_why(fault, "--record", "nothing is drawn here that could be recorded");
        return fault_hint(fault, "vitrine [FLAGS] and vitrine play LESSON can be recorded");
}

static bool parse(const struct command *command, int argc, char **argv, struct spec *spec,
                  struct view_flags *views, bool *ret_trace, int *ret_exit)
{
        enum engine engine = ENGINE_DOCKER;
        struct view_flags own = { 0 };
        struct fault fault = { 0 };
        bool help = false, draws = command->id == COMMAND_TUI, ok;

        ok = command_own_flags(&engine, &own, &fault);
        if (ok && views)
                *views = own;
        /* In $VITRINE_FLAGS it stands for the commands that draw. */
        if (ok && views && !draws)
                *views->record = '\0';
        /* exec has no --engine: whose rules hold is the container's. */
        if (command->takes & TAKES_EXEC)
                engine = ENGINE_DOCKER;
        if (ok)
                ok = ret_trace ? spec_parse_run(engine, argc, argv, spec, ret_trace, &help, &fault)
                               : spec_parse_as(engine, argc, argv, spec, views, &help, &fault);
        if (ok && !help && views && !draws && *views->record) {
                spec_finish(spec);
                ok = command_refuse_record(&fault);
        }
        if (!ok) {
                if (strcmp(fault.hint, spec_see_help) == 0)
                        fault_hint(&fault, "vitrine %s --help lists the flags", command->name);
                *ret_exit = fault_print(&fault, (views && own.json) || wants_json(argc, argv));
                return false;
        }
        if (!help)
                return true;
        spec_finish(spec);
        command_help(command);
        *ret_exit = 0;
        return false;
}

bool command_parse(const struct command *command, int argc, char **argv, struct spec *spec,
                   struct view_flags *views, int *ret_exit)
{
        return parse(command, argc, argv, spec, views, NULL, ret_exit);
}

bool command_parse_run(int argc, char **argv, struct spec *spec, bool *ret_trace, int *ret_exit)
{
        return parse(command_find("run"), argc, argv, spec, NULL, ret_trace, ret_exit);
}
