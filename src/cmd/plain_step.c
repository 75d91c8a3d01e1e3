/* SPDX-License-Identifier: MIT */
/* The lesson's own words, the list of lessons, the help. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "cmd/plain_state.h"
#include "stage/action.h"
#include "stage/lessons.h"

char *plain_how(const struct lesson_do *what, size_t key)
{
        const char *name;

        switch (what->kind) {
        case DO_EXEC:
                return xasprintf("! %s", what->line);
        case DO_KEY:
                name = key < what->words.n ? what->words.v[key] : "";
                /* The one key whose letter is a word of this tutorial's own. */
                return xasprintf("%s%s", strcmp(name, "n") == 0 ? "press " : "", name);
        case DO_PROBE:
                return xstrdup("P");
        case DO_RUN:
        case DO_BUILD:
        case DO_WAIT:
        case DO_N:
                break;
        }
        return xstrdup(what->line);
}

void plain_ways(struct plain *plain, const struct lesson_step *step, const char *heading)
{
        bool first = true;

        for (size_t i = 0; i < step->n_dos; i++) {
                size_t keys = step->dos[i].kind == DO_KEY ? step->dos[i].words.n : 1;

                for (size_t k = 0; step->dos[i].kind != DO_WAIT && k < keys; k++) {
                        own_free char *how = plain_how(&step->dos[i], k);

                        if (first)
                                plain_blank(plain);
                        plain_say(plain, "%s", first ? heading : "Then:");
                        plain_line(plain, how, strlen(how));
                        first = false;
                }
        }
}

static void print_intro(struct plain *plain, const struct lesson *lesson)
{
        plain_blocks(plain, &lesson->intro);
        plain_blank(plain);
        plain_say(plain, "The container of this lesson:");
        plain_line(plain, lesson->start, strlen(lesson->start));
        plain_blank(plain);
}

void plain_step(struct plain *plain, const struct lesson *lesson, size_t at, const char *cannot)
{
        const struct lesson_step *step = &lesson->steps[at];

        plain_blank(plain);
        if (at == 0)
                print_intro(plain, lesson);
        plain_say(plain, "Step %zu of %zu: %s", at + 1, lesson->n_steps, step->name);
        plain_blank(plain);
        plain_blocks(plain, &step->before);
        if (*cannot) {
                plain_blank(plain);
                plain_say(plain, "This step cannot be done here: %s. It can be read; next goes on.", cannot);
        }
}

void plain_after(struct plain *plain, const struct lesson *lesson, size_t at)
{
        if (!lesson->steps[at].after.n)
                return;
        plain_blank(plain);
        plain_blocks(plain, &lesson->steps[at].after);
}

void plain_outro(struct plain *plain, const struct lesson *lesson, unsigned number, unsigned count)
{
        plain_blank(plain);
        plain_say(plain, "This was the lesson \"%s\".", lesson->title);
        if (number && number < count)
                plain_say(plain, "open %u opens the next one, list shows them all, quit leaves.", number + 1);
        else
                plain_say(plain, "list shows the lessons, open NUMBER opens one, quit leaves.");
}

static void print_row(struct plain *plain, const struct lesson_row *row)
{
        struct str line = { 0 };

        if (row->number)
                str_add_f(&line, "%u. ", row->number);
        str_add_f(&line, "%s: ", row->title);
        if (row->broken) {
                str_add_f(&line, "cannot be read: %s", row->broken);
        } else {
                if (row->minutes)
                        str_add_f(&line, "%u minutes, ", row->minutes);
                str_add_f(&line, "%zu of %zu steps done", row->done, row->steps);
                if (row->skipped)
                        str_add_f(&line, ", %zu skipped", row->skipped);
                if (*row->at && row->done < row->steps)
                        str_add_f(&line, ", you are at: %s", row->at);
                str_add_c(&line, '.');
        }
        plain_say(plain, "%s", str_text(&line));
        str_finish(&line);
}

void plain_list(struct plain *plain)
{
        struct lessons lessons = { 0 };

        lessons_read(&lessons);
        plain_say(plain, "The lessons:");
        for (size_t i = 0; i < lessons.list.n; i++)
                print_row(plain, &lessons.rows[i]);
        if (*lessons.note)
                plain_say(plain, "Note: %s.", lessons.note);
        plain_say(plain,
                  "Type open and a number, for instance: open 1. Type help for everything else that can "
                  "be typed, quit to leave.");
        lessons_finish(&lessons);
}

/* The keys of the one table that mean something without a screen. */
static void print_keys(struct plain *plain)
{
        static const enum action_id useful[] = { ACT_KILL,  ACT_MAC_ADMIN, ACT_ADD,        ACT_DROP,
                                                 ACT_USER,  ACT_TYPE_USER, ACT_PRIVILEGED, ACT_NO_NEW_PRIVS,
                                                 ACT_PROBE, ACT_UNDO,      ACT_REDO,       ACT_TOGGLE,
                                                 ACT_INFO };

        for (size_t i = 0; i < sizeof(useful) / sizeof(useful[0]); i++)
                for (size_t k = 0; k < actions_n; k++)
                        if (actions[k].id == useful[i])
                                plain_say(plain, "%s: %s", actions[k].key, actions[k].help);
        plain_say(plain, "Up, Down, Left, Right: go to another capability.");
}

void plain_help(struct plain *plain)
{
        static const char *const words[] = {
                "next, n, or an empty line: the next step, once this one is done",
                "back: the step before",
                "skip: goes past this step; it counts as skipped",
                "hint: a hint; typed again, what to type",
                "again: this step afresh, with a container as it begins",
                "show: all that is seen from both sides",
                "show host, show container, show user, show caps, show namespaces, show result: one part",
                "checks: what the step asks the kernel, and what is true",
                "answer WORDS: answers the step's question",
                "docker run ..., podman run ...: another container; docker build ...: an image",
                "! COMMAND, or ! -u USER COMMAND: runs a command inside; stop ends one that goes on",
                "list: the lessons; open LESSON, or open LESSON/STEP: goes to one",
                "quit: leaves; what you have done is kept",
        };

        plain_say(plain, "What can be typed:");
        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
                plain_say(plain, "%s.", words[i]);
        plain_say(plain, "Keys of the screen, typed as a line (or: press KEY):");
        print_keys(plain);
}
