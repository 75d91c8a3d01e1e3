/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/own_flags.h"

#include <stdio.h>
#include <string.h>

#include "caps/near.h"
#include "cmd/cmd.h"

static const struct flag *find(const struct own_words *words, const char *name, size_t n, char letter)
{
        const struct command *command = words->command;
        const struct flag *flags[COMMAND_FLAGS_MAX];
        size_t count = command_flags(command, flags);

        for (size_t i = 0; i < count; i++)
                if (name ? strlen(flags[i]->name) == n && strncmp(flags[i]->name, name, n) == 0
                         : flags[i]->letter == letter)
                        return flags[i];
        for (size_t i = 0; i < command->own_n; i++)
                if (name ? strlen(command->own[i].name) == n && strncmp(command->own[i].name, name, n) == 0
                         : command->own[i].letter == letter)
                        return &command->own[i];
        return NULL;
}

static int unknown(const struct own_words *words, const char *word, struct fault *fault)
{
        const struct flag *flags[COMMAND_FLAGS_MAX];
        size_t count = command_flags(words->command, flags);
        const char *near = NULL;
        unsigned least = 3;
        bool is_long = !words->letters;
        char name[64];

        snprintf(name, sizeof(name), "%.*s", (int)strcspn(word, "="), word);
        if (is_long)
                fault_why(fault, word, "unknown flag: %.60s", name);
        else
                fault_why(fault, word, "unknown shorthand flag: '%c' in %.60s", *words->letters, word);
        for (size_t i = 0; is_long && i < count; i++) {
                unsigned distance = near_distance(name + 2, flags[i]->name);

                if (distance < least && distance < strlen(flags[i]->name)) {
                        least = distance;
                        near = flags[i]->name;
                }
        }
        if (near)
                fault_hint(fault, "did you mean --%s?", near);
        else
                fault_hint(fault, "vitrine %s --help tells the flags", words->command->name);
        return -1;
}

/* rest: what stands behind the flag in its own word, or NULL. */
static int take(struct own_words *words, const struct flag *flag, const char *word, const char *rest,
                const char **ret_value, struct fault *fault)
{
        if (flag->remedy) {
                fault_why(fault, word, "%s", flag->text);
                fault_hint(fault, "%s", flag->remedy);
                return -1;
        }
        if (flag->kind == FLAG_BOOL) {
                if (rest && strcmp(rest, "true") != 0) {
                        fault_why(fault, word, "the flag takes no value");
                        return -1;
                }
                *ret_value = "true";
                return 1;
        }
        if (!rest && words->at >= words->argc) {
                fault_why(fault, word, "flag needs an argument");
                fault_hint(fault, "--%s %s", flag->name, flag->meta ? flag->meta : "VALUE");
                return -1;
        }
        *ret_value = rest ? rest : words->argv[words->at++];
        return 1;
}

static int take_long(struct own_words *words, const struct flag **ret_flag, const char **ret_value,
                     struct fault *fault)
{
        const char *word = words->argv[words->at++];
        size_t n = strcspn(word + 2, "=");
        const struct flag *flag = find(words, word + 2, n, 0);

        if (!flag)
                return unknown(words, word, fault);
        *ret_flag = flag;
        return take(words, flag, word, word[2 + n] ? word + 2 + n + 1 : NULL, ret_value, fault);
}

/* -f, -fFILE, -f=FILE, and letters without values joined. */
static int take_letter(struct own_words *words, const struct flag **ret_flag, const char **ret_value,
                       struct fault *fault)
{
        const char *word = words->argv[words->at - 1], *rest = NULL;
        const struct flag *flag = find(words, NULL, 0, *words->letters);

        if (!flag)
                return unknown(words, word, fault);
        words->letters++;
        if (flag->kind == FLAG_VALUE && *words->letters)
                rest = words->letters + (*words->letters == '=');
        if (rest || !*words->letters)
                words->letters = NULL;
        *ret_flag = flag;
        return take(words, flag, word, rest, ret_value, fault);
}

int own_words_next(struct own_words *words, const struct flag **ret_flag, const char **ret_value,
                   struct fault *fault)
{
        const char *word;

        if (words->letters)
                return take_letter(words, ret_flag, ret_value, fault);
        if (words->at < words->argc && !words->flags_end && strcmp(words->argv[words->at], "--") == 0) {
                words->flags_end = true;
                words->at++;
        }
        if (words->at >= words->argc)
                return 0;
        word = words->argv[words->at];
        if (!words->flags_end && word[0] == '-' && word[1]) {
                if (word[1] == '-')
                        return take_long(words, ret_flag, ret_value, fault);
                words->letters = word + 1;
                words->at++;
                return take_letter(words, ret_flag, ret_value, fault);
        }
        *ret_flag = NULL;
        *ret_value = word;
        words->at++;
        return 1;
}

void own_views_add(struct strv *words, const struct flag *flag, const char *value)
{
        strv_add_take(words, xasprintf("--%s=%s", flag->name, value));
}

bool own_views_take(const struct strv *words, struct view_flags *ret, struct fault *fault)
{
        enum engine engine;
        struct spec spec;

        if (!command_own_flags(&engine, ret, fault) ||
            !spec_parse((int)words->n, words->v, &spec, ret, NULL, fault))
                return false;
        spec_finish(&spec);
        return true;
}
