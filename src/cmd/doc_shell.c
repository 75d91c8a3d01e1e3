/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/doc_gen.h"

#include <string.h>

#include "base/own.h"
#include "caps/caps.h"
#include "spec/scheme_names.h"

/* What stands behind the flags, as the completions name it; "": nothing that they could list. */
static const char *words_of(const struct command *command)
{
        switch (command->id) {
        case COMMAND_TUI:
        case COMMAND_RUN:
        case COMMAND_SNAPSHOT:
        case COMMAND_PROBE:
        case COMMAND_EXPLAIN:
                return "image"; /* and its command */
        case COMMAND_EXEC:
                return "container"; /* and a command */
        case COMMAND_LEARN:
        case COMMAND_PLAY:
        case COMMAND_BUILD:
                return "file";
        case COMMAND_ATTACH:
        case COMMAND_DOCTOR:
        case COMMAND_IMAGES:
        case COMMAND_RMI:
                break;
        }
        return "";
}

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
        } else if (strcmp(flag->name, "scheme") == 0) {
                for (int i = 0; i < SCHEME_N; i++)
                        str_add_f(&words, "%s%s", i ? " " : "", scheme_name((enum scheme)i));
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

void bash_commands(struct str *out)
{
        str_add(out, "    local commands='");
        add_commands(out);
        str_add(out, "'\n");
}

/* A letter means one thing for one command and another for the next: each has its own list of flags with a
 * value. */
void bash_flags(struct str *out)
{
        const struct flag *flags[COMMAND_FLAGS_MAX];

        str_add(out, "    case $command in\n");
        for (size_t i = 0; i < commands_n; i++) {
                size_t n = command_flags(&commands[i], flags);

                str_add_f(out, "    %s)\n        takes='%s' flags='", commands[i].name,
                          words_of(&commands[i]));
                for (size_t j = 0; j < n; j++)
                        add_words_of_flag(out, flags[j]);
                str_add(out, "'\n        valued='");
                for (size_t j = 0; j < n; j++)
                        if (flags[j]->kind == FLAG_VALUE)
                                add_words_of_flag(out, flags[j]);
                str_add(out, " ' ;;\n");
        }
        str_add(out, "    esac\n");
}

/* The values that have names: those of flags that tui has too. */
void bash_values(struct str *out)
{
        const struct flag *flags[COMMAND_FLAGS_MAX];
        size_t n = command_flags(command_find("tui"), flags);

        str_add(out, "    case $pending in\n");
        for (size_t i = 0; i < n; i++) {
                own_free char *words = flag_words(flags[i]);

                if (!*words)
                        continue;
                str_add(out, "    ");
                add_pattern(out, flags[i]);
                str_add_f(out, ") words='%s' ;;\n", words);
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

                str_add_f(out, "    (%s)\n        takes='%s'\n        flags=(\n", commands[i].name,
                          words_of(&commands[i]));
                for (size_t j = 0; j < n; j++)
                        add_zsh_flag(out, flags[j]);
                str_add(out, "        ) ;;\n");
        }
        str_add(out, "    esac\n");
}

static void add_fish_flag(struct str *out, const struct command *command, const struct flag *flag)
{
        own_free char *words = flag_words(flag);
        bool files = flag->meta && (strstr(flag->meta, "PATH") || strstr(flag->meta, "FILE") ||
                                    strcmp(flag->meta, "OPTION") == 0);

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

/* complete … for the commands behind which such words stand. */
static void add_fish_words(struct str *out, const char *words, const char *rest)
{
        str_add(out, "complete -c vitrine -n '__vitrine_is");
        for (size_t i = 0; i < commands_n; i++)
                if (strcmp(words_of(&commands[i]), words) == 0)
                        str_add_f(out, " %s", commands[i].name);
        str_add_f(out, "' %s\n", rest);
}

void fish_completions(struct str *out)
{
        const struct flag *flags[COMMAND_FLAGS_MAX];

        str_add(out, "set -g __vitrine_commands ");
        add_commands(out);
        str_add_c(out, '\n');
        add_fish_words(out, "image", "-a 'ubuntu demo dir:' -d image");
        add_fish_words(out, "file", "-F");
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
