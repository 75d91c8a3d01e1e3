/* SPDX-License-Identifier: MIT */
/* Key !: one command inside, and what is shown of it. */
#include "config.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "stage/stage_state.h"

static void on_change(void *data)
{
        struct stage *stage = data;

        stage->dirty = true;
        player_moved(stage);
}

void stage_runs_open(struct stage *stage)
{
        stage->runs = (struct runs){ .loop = stage->loop, .out_fd = -1, .changed = on_change, .data = stage };
}

/* The bytes of the word of a line that begins there, as it stands, its quotes with it. */
static size_t raw_word(const char *text)
{
        const char *at = text;

        while (*at && !strchr(" \t\n", *at)) {
                char quote = *at == '\'' || *at == '"' ? *at : '\0';

                if (quote)
                        for (at++; *at && *at != quote; at++)
                                at += quote == '"' && *at == '\\' && at[1];
                else if (*at == '\\' && at[1])
                        at++;
                at += *at != '\0';
        }
        return (size_t)(at - text);
}

/* Words that are a shell's when they stand alone, and unquoted; here they would be arguments. */
static const char *shell_word(const char *text)
{
        static const char *const list[] = { "|", "||", "&", "&&", ";", ">", ">>", "<", "2>", "2>&1" };

        for (size_t n; *text; text += n) {
                text += strspn(text, " \t\n");
                n = raw_word(text);
                for (size_t k = 0; k < sizeof(list) / sizeof(list[0]); k++)
                        if (strlen(list[k]) == n && strncmp(text, list[k], n) == 0)
                                return list[k];
        }
        return NULL;
}

/* Takes a leading -u USER, -uUSER, --user USER, --user=USER off. Returns false when its value is missing. */
static bool take_user(struct strv *words, char **ret)
{
        const char *first = words->n > 0 ? words->v[0] : "", *value = NULL;
        bool next = strcmp(first, "-u") == 0 || strcmp(first, "--user") == 0;

        if (strncmp(first, "--user=", 7) == 0)
                value = first + 7;
        else if (strncmp(first, "-u", 2) == 0 && !next)
                value = first + 2 + (first[2] == '=');
        else if (next && words->n > 1)
                value = words->v[1];
        else if (next)
                return false;
        *ret = xstrdup(value ? value : "");
        if (value)
                strv_remove(words, 0);
        if (value && next)
                strv_remove(words, 0);
        return true;
}

static bool take_words(const char *text, struct strv *words, char **user, struct fault *fault)
{
        const char *odd;

        if (!spec_split_line(text, words, fault))
                return false;
        if (!take_user(words, user))
                return fault_why(fault, "-u", "it needs a user");
        if (words->n == 0) {
                fault_why(fault, "run inside", "the line names no command");
                return fault_hint(fault, "ps ax, or: -u student id");
        }
        if (words->v[0][0] == '-')
                return fault_why(fault, words->v[0], "before the command only -u USER may stand");
        odd = shell_word(text);
        if (!odd)
                return true;
        fault_why(fault, "run inside", "no shell reads this line, and %s is a shell's", odd);
        return fault_hint(fault, "sh -c 'ps ax | head'");
}

bool stage_run_inside(struct stage *stage, const char *text, struct fault *fault)
{
        struct strv words = { 0 };
        own_free char *user = NULL;
        bool ok = false;

        if (runs_busy(&stage->runs))
                fault_why(fault, "run inside", "the last command still runs: Esc, then Ctrl-C ends it");
        else if (!stage_is_up(stage))
                fault_why(fault, "run inside", "no container runs: Esc, then r starts it again");
        else
                ok = take_words(text, &words, &user, fault);
        if (ok) {
                stage->entered = true;
                stage_log_command(stage);
                stage->runs_begun += runs_start(&stage->runs, stage->id, user, &words);
                prompt_remember(&stage->commands, text, RUNS_MOST);
                stage->show_result = stage->dirty = true;
                stage->interrupted = false;
                player_moved(stage);
        }
        strv_finish(&words);
        return ok;
}

bool stage_interrupt_run(struct stage *stage)
{
        if (!runs_busy(&stage->runs))
                return false;
        /* What does not heed the first one is ended by the second. */
        runs_signal(&stage->runs, stage->interrupted ? SIGKILL : SIGINT);
        stage->interrupted = true;
        return true;
}
