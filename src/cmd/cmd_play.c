/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/cmd.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cmd/own_flags.h"
#include "cmd/play_check.h"
#include "stage/player.h"

struct play_line {
        const char *lesson;
        bool check, help;
};

static bool take_words(int argc, char **argv, struct play_line *line, struct fault *fault)
{
        struct own_words words = { .command = command_find("play"), .argc = argc, .argv = argv };
        const struct flag *flag;
        const char *value;
        int got;

        while ((got = own_words_next(&words, &flag, &value, fault)) > 0) {
                if (!flag && line->lesson)
                        return fault_why(fault, value, "play takes one lesson");
                if (!flag)
                        line->lesson = value;
                else if (strcmp(flag->name, "check") == 0)
                        line->check = true;
                else
                        line->help = true;
        }
        if (got == 0 && !line->help && !line->lesson) {
                fault_why(fault, "play", "the line names no lesson");
                return fault_hint(fault, "vitrine learn lists them; a file of your own is given as a path");
        }
        return got == 0;
}

static int check(const char *word)
{
        struct lesson_error error = { 0 };
        struct player_source source;
        int code;

        if (player_find(word, &source, &error))
                return play_check(&source);
        code = error.line ? play_check_error(word, &error) : fault_print(&error.fault, false);
        lesson_error_finish(&error);
        return code;
}

int cmd_play(int argc, char **argv)
{
        struct play_line line = { 0 };
        struct fault fault = { 0 };

        if (!take_words(argc, argv, &line, &fault))
                return fault_print(&fault, false);
        if (line.help) {
                command_help(command_find("play"));
                return 0;
        }
        signal(SIGPIPE, SIG_IGN);
        if (line.check)
                return check(line.lesson);
        fault_why(&fault, "play", "this vitrine plays lessons with --check alone");
        fault_hint(&fault, "vitrine learn %.100s is the lesson as a tutorial", line.lesson);
        return fault_print(&fault, false);
}
