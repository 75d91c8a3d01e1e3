/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/cmd.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "cmd/own_flags.h"
#include "cmd/play_check.h"
#include "cmd/play_demo.h"
#include "stage/pace.h"
#include "stage/player.h"

struct play_line {
        const char *lesson;
        bool check, help, records;
        struct play_request request;
};

static bool take_speed(const char *value, double *ret, struct fault *fault)
{
        if (pace_read_speed(value, ret))
                return true;
        fault_why(fault, "--speed", "%.100s is no speed", value);
        return fault_hint(fault, "a number from 0.1 to 100; 2 is twice as fast");
}

static bool take_size(const char *value, struct play_request *ret, struct fault *fault)
{
        if (play_read_size(value, &ret->cols, &ret->rows))
                return true;
        fault_why(fault, "--size", "%.100s is no size", value);
        return fault_hint(fault, "columns and rows, from 60x16 to 512x512: 80x24");
}

/* A flag of its own; false with a fault. What is none is kept for the view flags' parser. */
static bool take_flag(struct play_line *line, struct strv *views, const struct flag *flag, const char *value,
                      struct fault *fault)
{
        if (strcmp(flag->name, "speed") == 0)
                return take_speed(value, &line->request.demo.speed, fault);
        if (strcmp(flag->name, "size") == 0)
                return take_size(value, &line->request, fault);
        line->records = line->records || strcmp(flag->name, "html") == 0 || strcmp(flag->name, "record") == 0;
        if (strcmp(flag->name, "html") == 0)
                line->request.html = value;
        else if (strcmp(flag->name, "check") == 0)
                line->check = true;
        else if (strcmp(flag->name, "step") == 0)
                line->request.demo.step = true;
        else if (strcmp(flag->name, "help") == 0)
                line->help = true;
        else
                own_views_add(views, flag, value);
        return true;
}

static bool is_whole(const struct play_line *line, struct fault *fault)
{
        const struct play_request *request = &line->request;
        bool records = *request->views.record || request->html;

        if (line->help)
                return true;
        if (!line->lesson) {
                fault_why(fault, "play", "the line names no lesson");
                return fault_hint(fault, "vitrine learn lists them; a file of your own is given as a path");
        }
        if (line->check && line->records) {
                fault_why(fault, "--check", "nothing is drawn that could be recorded");
                return fault_hint(fault, "leave --check away, or --record and --html");
        }
        if (request->cols && !records) {
                fault_why(fault, "--size", "a terminal has a size of its own");
                return fault_hint(fault, "it is for a recording: --record FILE.cast, --html FILE.html");
        }
        if (request->cols && request->demo.step) {
                fault_why(fault, "--step", "with --size there is no terminal, and nobody to press a key");
                return fault_hint(fault, "leave one of the two away");
        }
        return true;
}

static bool take_words(int argc, char **argv, struct play_line *line, struct fault *fault)
{
        struct own_words words = { .command = command_find("play"), .argc = argc, .argv = argv };
        struct strv views = { 0 };
        const struct flag *flag;
        const char *value;
        bool ok = true;
        int got = 0;

        while (ok && (got = own_words_next(&words, &flag, &value, fault)) > 0) {
                if (flag)
                        ok = take_flag(line, &views, flag, value, fault);
                else if (line->lesson)
                        ok = fault_why(fault, value, "play takes one lesson");
                else
                        line->lesson = value;
        }
        ok = ok && got == 0 && own_views_take(&views, &line->request.views, fault) && is_whole(line, fault);
        strv_finish(&views);
        return ok;
}

static int print_error(const char *word, const struct lesson_error *error, bool check)
{
        int code;

        if (check && error->line)
                return play_check_error(word, error);
        code = fault_print(&error->fault, false);
        if (error->excerpt && !check)
                fprintf(stderr, "%s\n", error->excerpt);
        return code;
}

static int play(const struct play_line *line)
{
        struct lesson_error error = { 0 };
        struct player_source source = { 0 };
        struct fault fault = { 0 };
        int code;

        if (!player_find(line->lesson, &source, &error)) {
                code = print_error(line->lesson, &error, line->check);
                lesson_error_finish(&error);
                return code;
        }
        if (line->check)
                return play_check(&source);
        return play_demo(&source, &line->request, &fault) ? 0 : fault_print(&fault, false);
}

int cmd_play(int argc, char **argv)
{
        struct play_line line = { .request.demo.speed = 1 };
        struct fault fault = { 0 };

        if (!take_words(argc, argv, &line, &fault))
                return fault_print(&fault, false);
        if (line.help) {
                command_help(command_find("play"));
                return 0;
        }
        signal(SIGPIPE, SIG_IGN);
        return play(&line);
}
