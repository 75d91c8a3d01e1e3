/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/doc_gen.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/fault.h"
#include "base/own.h"
#include "base/text.h"
#include "caps/caps.h"
#include "stage/action.h"

/* Text as roff writes it: what it would read as its own, and what is not ASCII, by name (groff_char(7)). */
static void add_text(struct str *out, const char *text)
{
        static const struct {
                char c;
                const char *name;
        } names[] = { { '\\', "\\e" },  { '-', "\\-" },   { '`', "\\(ga" }, { '\'', "\\(aq" },
                      { '"', "\\(dq" }, { '^', "\\(ha" }, { '~', "\\(ti" } };

        if (*text == '.')
                str_add(out, "\\&");
        while (*text) {
                uint32_t c = 0;
                size_t len = text_decode(text, strlen(text), &c);
                const char *name = NULL;

                for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
                        if (names[i].c == *text)
                                name = names[i].name;
                if (name)
                        str_add(out, name);
                else if (c > 0x7e)
                        str_add_f(out, "\\[u%04X]", (unsigned)c);
                else
                        str_add_c(out, *text);
                text += len ? len : 1;
        }
}

static void add_line(struct str *out, const char *text)
{
        add_text(out, text);
        str_add_c(out, '\n');
}

/* What a word stands for is set in italics, what is typed in bold. */
static void add_flag_name(struct str *out, const struct flag *flag)
{
        str_add(out, ".TP\n");
        if (flag->letter)
                str_add_f(out, "\\fB\\-%c\\fR, ", flag->letter);
        str_add(out, "\\fB");
        add_text(out, "--");
        add_text(out, flag->name);
        str_add(out, "\\fR");
        if (flag->meta) {
                str_add(out, " \\fI");
                add_text(out, flag->meta);
                str_add(out, "\\fR");
        }
        str_add_c(out, '\n');
}

void man_title(struct str *out)
{
        str_add_f(out, ".TH VITRINE 1 \"\" \"vitrine %s\" \"User Commands\"\n", PACKAGE_VERSION);
}

static void add_own_flags(struct str *out, const struct command *command)
{
        str_add(out, ".RS\n");
        for (size_t i = 0; i < command->own_n; i++) {
                if (command->own[i].remedy)
                        continue;
                add_flag_name(out, &command->own[i]);
                add_line(out, command->own[i].text);
        }
        str_add(out, ".RE\n");
}

void man_commands(struct str *out)
{
        for (size_t i = 0; i < commands_n; i++) {
                str_add(out, ".TP\n\\fBvitrine ");
                add_text(out, commands[i].name);
                str_add(out, "\\fR ");
                add_line(out, commands[i].usage);
                add_line(out, commands[i].sentence);
                if (commands[i].own_n)
                        add_own_flags(out, &commands[i]);
        }
}

static void add_flags(struct str *out, const struct flag *flags, unsigned n)
{
        for (unsigned i = 0; i < n; i++) {
                if (!flags[i].take)
                        continue;
                add_flag_name(out, &flags[i]);
                add_line(out, flags[i].text);
        }
}

void man_run_flags(struct str *out)
{
        add_flags(out, run_flags, run_flags_n);
}

void man_view_flags(struct str *out)
{
        add_flags(out, view_flags_table, view_flags_n);
}

void man_refused_flags(struct str *out)
{
        for (unsigned i = 0; i < run_flags_n; i++) {
                if (run_flags[i].take)
                        continue;
                add_flag_name(out, &run_flags[i]);
                add_text(out, run_flags[i].text);
                str_add(out, ".\nInstead: ");
                add_line(out, run_flags[i].remedy);
        }
}

void man_keys(struct str *out)
{
        for (size_t i = 0; i < actions_n; i++) {
                /* Arrows have a row each and are one in the help. */
                if (!actions[i].shown ||
                    (i > 0 && actions[i - 1].shown && strcmp(actions[i - 1].shown, actions[i].shown) == 0))
                        continue;
                str_add(out, ".TP\n\\fB");
                add_text(out, actions[i].shown);
                str_add(out, "\\fR\n");
                add_text(out, actions[i].help);
                if (actions[i].flag) {
                        str_add(out, " (\\fB");
                        add_text(out, actions[i].flag);
                        str_add(out, "\\fR)");
                }
                str_add_c(out, '\n');
        }
}

void man_capabilities(struct str *out)
{
        uint64_t base = caps_rules(ENGINE_DOCKER)->base;

        for (unsigned bit = 0; bit < CAPS_N; bit++) {
                const struct cap_info *cap = caps_info(bit);

                str_add(out, ".TP\n\\fB");
                add_text(out, cap->name);
                str_add_f(out, "\\fR (bit %u%s)\n", bit, base & caps_bit(bit) ? ", held by default" : "");
                add_line(out, cap->clause);
        }
}

void man_exit_status(struct str *out)
{
        static const struct {
                int status;
                const char *means;
        } statuses[] = {
                { EXIT_VITRINE,
                  "vitrine itself failed, or was used badly: the message says what, why and what to do" },
                { EXIT_NOT_EXEC, "the command was found in the container and cannot be executed" },
                { EXIT_NOT_FOUND, "the command was not found in the container" },
        };

        for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
                str_add_f(out, ".TP\n\\fB%d\\fR\n", statuses[i].status);
                add_line(out, statuses[i].means);
        }
}
