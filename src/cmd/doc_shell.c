/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/doc_gen.h"

#include <string.h>

#include "base/own.h"
#include "caps/caps.h"

/* The words that a flag's value is one of, with spaces between; "" where there are none. Owned by the caller.
 */
static char *flag_words(const struct flag *flag)
{
        struct str words = { 0 };

        if (strncmp(flag->name, "cap-", 4) == 0) {
                str_add(&words, "ALL");
                for (unsigned bit = 0; bit < CAPS_N; bit++)
                        str_add_f(&words, " %s", caps_info(bit)->name);
        } else if (strcmp(flag->name, "security-opt") == 0) {
                str_add(&words, "no-new-privileges seccomp=unconfined seccomp=");
        } else if (flag->meta && strspn(flag->meta, "abcdefghijklmnopqrstuvwxyz|") == strlen(flag->meta)) {
                /* A value's name in small letters is the value itself. */
                for (const char *c = flag->meta; *c; c++)
                        str_add_c(&words, (char)(*c == '|' ? ' ' : *c));
        }
        return str_take(&words);
}

/* Text between single quotes. */
static void add_quoted(struct str *out, const char *text)
{
        for (; *text; text++) {
                if (*text == '\'')
                        str_add(out, "'\\''");
                else
                        str_add_c(out, *text);
        }
}

static void add_words_of_flag(struct str *out, const struct flag *flag)
{
        if (flag->letter)
                str_add_f(out, " -%c", flag->letter);
        str_add_f(out, " --%s", flag->name);
}

static void add_commands(struct str *out)
{
        for (size_t i = 0; i < commands_n; i++)
                str_add_f(out, "%s%s", i ? " " : "", commands[i].name);
}

/* A pattern of a case: -u|--user */
static void add_pattern(struct str *out, const struct flag *flag)
{
        if (flag->letter)
                str_add_f(out, "-%c|", flag->letter);
        str_add_f(out, "--%s", flag->name);
}

/* Every flag that some command takes, once: all of run's and the view's. */
static size_t all_flags(const struct flag *ret[static COMMAND_FLAGS_MAX])
{
        return command_flags(command_find("tui"), ret);
}

void bash_tables(struct str *out)
{
        const struct flag *flags[COMMAND_FLAGS_MAX];
        size_t n = all_flags(flags);

        str_add(out, "    local commands='");
        add_commands(out);
        str_add(out, "'\n    local valued='");
        for (size_t i = 0; i < n; i++)
                if (flags[i]->kind == FLAG_VALUE)
                        add_words_of_flag(out, flags[i]);
        str_add(out, " '\n");
}

void bash_values(struct str *out)
{
        const struct flag *flags[COMMAND_FLAGS_MAX];
        size_t n = all_flags(flags);

        str_add(out, "    case $pending in\n");
        for (size_t i = 0; i < n; i++) {
                own_free char *words = flag_words(flags[i]);

                if (!*words)
                        continue;
                str_add(out, "    ");
                add_pattern(out, flags[i]);
                str_add_f(out, ") words='%s' ;;\n", words);
        }
        str_add(out, "    esac\n    case $command in\n");
        for (size_t i = 0; i < commands_n; i++) {
                n = command_flags(&commands[i], flags);
                str_add_f(out, "    %s) flags='", commands[i].name);
                for (size_t j = 0; j < n; j++)
                        add_words_of_flag(out, flags[j]);
                str_add(out, "' ;;\n");
        }
        str_add(out, "    esac\n");
}

/* What zsh's _arguments would read as its own in a description or a message. */
static void add_zsh(struct str *out, const char *text)
{
        for (; *text; text++) {
                if (strchr(":[]\\", *text))
                        str_add_c(out, '\\');
                if (*text == '\'')
                        str_add(out, "'\\''");
                else
                        str_add_c(out, *text);
        }
}

/* Two specifications where a flag has a letter; a flag may stand more than once. */
static void add_zsh_flag(struct str *out, const struct flag *flag)
{
        own_free char *words = flag_words(flag);

        for (int letter = flag->letter ? 1 : 0; letter >= 0; letter--) {
                str_add(out, "            '*");
                if (letter)
                        str_add_f(out, "-%c%s", flag->letter, flag->kind == FLAG_VALUE ? "+" : "");
                else
                        str_add_f(out, "--%s%s", flag->name, flag->kind == FLAG_VALUE ? "=" : "");
                str_add_c(out, '[');
                add_zsh(out, flag->text);
                str_add_c(out, ']');
                if (flag->kind == FLAG_VALUE) {
                        str_add_c(out, ':');
                        add_zsh(out, flag->meta ? flag->meta : "value");
                        str_add_f(out, ":%s%s%s", *words ? "(" : "", *words ? words : "_files",
                                  *words ? ")" : "");
                }
                str_add(out, "'\n");
        }
}

void zsh_tables(struct str *out)
{
        const struct flag *flags[COMMAND_FLAGS_MAX];

        str_add(out, "    commands=(\n");
        for (size_t i = 0; i < commands_n; i++) {
                str_add_f(out, "        '%s:", commands[i].name);
                add_quoted(out, commands[i].sentence);
                str_add(out, "'\n");
        }
        str_add(out, "    )\n    if (( CURRENT > 2 )) && (( ${commands[(I)$words[2]:*]} )); then\n"
                     "        command=$words[2]\n        shift words\n        (( CURRENT-- ))\n    fi\n"
                     "    case $command in\n");
        for (size_t i = 0; i < commands_n; i++) {
                size_t n = command_flags(&commands[i], flags);

                str_add_f(out, "    (%s)\n        flags=(\n", commands[i].name);
                for (size_t j = 0; j < n; j++)
                        add_zsh_flag(out, flags[j]);
                str_add(out, "        ) ;;\n");
        }
        str_add(out, "    esac\n");
}

static void add_fish_flag(struct str *out, const struct command *command, const struct flag *flag)
{
        own_free char *words = flag_words(flag);
        bool files = flag->meta && (strstr(flag->meta, "PATH") || strcmp(flag->meta, "OPTION") == 0);

        str_add_f(out, "complete -c vitrine -n '__vitrine_is %s'", command->name);
        if (flag->letter)
                str_add_f(out, " -s %c", flag->letter);
        str_add_f(out, " -l %s", flag->name);
        if (flag->kind == FLAG_VALUE)
                str_add(out, files ? " -r" : " -x");
        if (*words)
                str_add_f(out, " -a '%s'", words);
        str_add(out, " -d '");
        for (const char *c = flag->text; *c; c++)
                str_add_f(out, "%s%c", *c == '\'' || *c == '\\' ? "\\" : "", *c);
        str_add(out, "'\n");
}

void fish_completions(struct str *out)
{
        const struct flag *flags[COMMAND_FLAGS_MAX];

        str_add(out, "set -g __vitrine_commands ");
        add_commands(out);
        str_add_c(out, '\n');
        for (size_t i = 0; i < commands_n; i++) {
                str_add_f(out, "complete -c vitrine -n __vitrine_is_first -a %s -d '", commands[i].name);
                for (const char *c = commands[i].sentence; *c; c++)
                        str_add_f(out, "%s%c", *c == '\'' || *c == '\\' ? "\\" : "", *c);
                str_add(out, "'\n");
        }
        for (size_t i = 0; i < commands_n; i++) {
                size_t n = command_flags(&commands[i], flags);

                for (size_t j = 0; j < n; j++)
                        add_fish_flag(out, &commands[i], flags[j]);
        }
}
