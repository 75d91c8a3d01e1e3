/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/own.h"
#include "base/text.h"
#include "cmd/own_flags.h"
#include "cmd/plain.h"
#include "cmd/printed.h"
#include "cmd/tui.h"
#include "lesson/progress.h"
#include "stage/lessons.h"
#include "stage/player.h"

struct learn_line {
        const char *lesson; /* NULL: the list */
        bool plain, reset, help;
        bool records; /* the line says so, not $VITRINE_FLAGS alone */
        struct view_flags views;
};

/* The screen alone is recorded. */
static bool is_drawn(const struct learn_line *line)
{
        return !line->plain && !line->reset &&
               (line->lesson || (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)));
}

static bool take_words(int argc, char **argv, struct learn_line *line, struct fault *fault)
{
        struct own_words words = { .command = command_find("learn"), .argc = argc, .argv = argv };
        struct strv views = { 0 };
        const struct flag *flag;
        const char *value;
        int got;
        bool ok;

        while ((got = own_words_next(&words, &flag, &value, fault)) > 0) {
                if (!flag && line->lesson) {
                        strv_finish(&views);
                        return fault_why(fault, value, "learn takes one lesson");
                }
                if (!flag)
                        line->lesson = value;
                else if (strcmp(flag->name, "plain") == 0)
                        line->plain = true;
                else if (strcmp(flag->name, "reset") == 0)
                        line->reset = true;
                else if (strcmp(flag->name, "help") == 0)
                        line->help = true;
                else
                        own_views_add(&views, flag, value);
                line->records = line->records || (flag && strcmp(flag->name, "record") == 0);
        }
        ok = got == 0 && own_views_take(&views, &line->views, fault);
        strv_finish(&views);
        if (ok && !line->help && line->records && *line->views.record && !is_drawn(line))
                return command_refuse_record(fault);
        return ok;
}

static void put(const char *text, int width)
{
        own_free char *safe = text_escape(text, strlen(text), false);

        printf("%s%*s", safe, width > text_width(safe) ? width - text_width(safe) : 0, "");
}

static void print_row(const struct lesson_row *row, int width)
{
        if (row->number)
                printf("%3u  ", row->number);
        else
                printf("     ");
        put(row->title, width);
        if (row->broken) {
                printf("  cannot be read: ");
                put(row->broken, 0);
                putchar('\n');
                return;
        }
        printf("  %2u min  %zu of %zu done", row->minutes, row->done, row->steps);
        if (row->skipped)
                printf(", %zu skipped", row->skipped);
        if (*row->at && row->done < row->steps) {
                printf(", at: ");
                put(row->at, 0);
        }
        putchar('\n');
}

static bool print_list(struct fault *fault)
{
        struct lessons lessons = { 0 };
        int width = 0;

        lessons_read(&lessons);
        for (size_t i = 0; i < lessons.list.n; i++) {
                own_free char *safe =
                        text_escape(lessons.rows[i].title, strlen(lessons.rows[i].title), false);

                if (text_width(safe) > width)
                        width = text_width(safe);
        }
        for (size_t i = 0; i < lessons.list.n; i++) {
                print_row(&lessons.rows[i], width);
                printed_note();
        }
        if (*lessons.note) {
                printf("note: ");
                put(lessons.note, 0);
                putchar('\n');
        }
        lessons_finish(&lessons);
        return printed_end(fault);
}

/* All of it is forgotten only when that is said again. */
static bool confirm_all(void)
{
        char answer[16] = "";

        printf("Forget what you have done of all lessons? y or n: ");
        fflush(stdout);
        return fgets(answer, sizeof(answer), stdin) &&
               (strcmp(answer, "y\n") == 0 || strcmp(answer, "y") == 0);
}

static bool reset(const char *word, struct fault *fault)
{
        own_free char *dir = progress_dir(fault);
        struct lesson_error error = { 0 };
        struct player_source source = { 0 };
        bool ok = dir != NULL;

        if (ok && word) {
                ok = player_find(word, &source, &error);
                *fault = error.fault;
                if (ok && source.step >= 0) {
                        fault_why(fault, word, "a step alone is not forgotten, only a whole lesson");
                        fault_hint(fault, "vitrine learn --reset %.*s", (int)(strrchr(word, '/') - word),
                                   word);
                        ok = false;
                }
        } else if (ok && !confirm_all()) {
                puts("nothing was forgotten");
                return true;
        }
        ok = ok && progress_reset(dir, word ? source.key : NULL, fault);
        if (ok)
                printf("forgotten: %s\n", word ? source.name : "all lessons");
        if (source.name)
                player_source_finish(&source);
        lesson_error_finish(&error);
        return ok;
}

static bool begin_list(struct stage *stage, void *data, struct fault *fault)
{
        (void)data, (void)fault;
        lessons_open(stage);
        return true;
}

static bool begin_lesson(struct stage *stage, void *data, struct fault *fault)
{
        struct player_source *source = data;
        int step = source->step;

        if (!player_open(stage, source, PLAYER_TUTORIAL, fault))
                return false;
        player_go(stage, step >= 0 ? (size_t)step : player_resume_step(stage));
        return true;
}

/* Where there is no screen there still is the tutorial. */
static bool show(const struct spec *spec, const struct learn_line *line, tui_begin *begin, void *data,
                 struct fault *fault)
{
        if (tui_show(spec, &line->views, begin, data, fault))
                return true;
        if (strcmp(fault->step, "open the terminal") == 0)
                fault_hint(fault,
                           "`vitrine learn --plain` is the same tutorial, as lines to read and to type");
        return false;
}

static bool show_list(const struct learn_line *line, struct fault *fault)
{
        struct spec spec;
        bool ok;

        spec_init(&spec);
        free(spec.image);
        spec.image = xstrdup("ubuntu");
        strv_add(&spec.args, "sleep");
        strv_add(&spec.args, "3600");
        ok = show(&spec, line, begin_list, NULL, fault);
        spec_finish(&spec);
        return ok;
}

static bool show_lesson(const struct learn_line *line, struct player_source *source, struct fault *fault)
{
        struct spec spec;
        bool ok = player_start_spec(&source->lesson, &spec, fault);

        if (!ok)
                return false;
        ok = show(&spec, line, begin_lesson, source, fault);
        spec_finish(&spec);
        return ok;
}

static int learn_lesson(const struct learn_line *line)
{
        struct lesson_error error = { 0 };
        struct player_source source = { 0 };
        struct fault fault = { 0 };
        int code = 0;

        if (!player_find(line->lesson, &source, &error)) {
                code = fault_print(&error.fault, false);
                if (error.excerpt)
                        fprintf(stderr, "%s\n", error.excerpt);
        } else if (!show_lesson(line, &source, &fault)) {
                code = fault_print(&fault, false);
        }
        player_source_finish(&source);
        lesson_error_finish(&error);
        return code;
}

int cmd_learn(int argc, char **argv)
{
        struct learn_line line = { 0 };
        struct fault fault = { 0 };
        bool ok = take_words(argc, argv, &line, &fault);

        if (ok && line.help)
                command_help(command_find("learn"));
        else if (ok && line.reset)
                ok = reset(line.lesson, &fault);
        else if (ok && line.plain)
                return plain_learn(line.lesson, &line.views);
        else if (ok && line.lesson)
                return learn_lesson(&line);
        else if (ok && is_drawn(&line))
                ok = show_list(&line, &fault);
        else if (ok)
                ok = print_list(&fault);
        return ok ? 0 : fault_print(&fault, false);
}
