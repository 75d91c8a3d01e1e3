/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/str.h"
#include "caps/near.h"
#include "base/called.h"
#include "cmd/cmd.h"
#include "cmd/printed.h"
#include "image/image.h"
#include "spec/wrap.h"

static int run_command(enum command_id id, int argc, char **argv)
{
        switch (id) {
        case COMMAND_TUI:
                return cmd_tui(argc, argv);
        case COMMAND_RUN:
                return cmd_run(argc, argv);
        case COMMAND_EXEC:
                return cmd_exec(argc, argv);
        case COMMAND_SNAPSHOT:
                return cmd_snapshot(argc, argv);
        case COMMAND_PROBE:
                return cmd_probe(argc, argv);
        case COMMAND_ATTACH:
                return cmd_attach(argc, argv);
        case COMMAND_EXPLAIN:
                return cmd_explain(argc, argv);
        case COMMAND_DOCTOR:
                return cmd_doctor(argc, argv);
        case COMMAND_LEARN:
                return cmd_learn(argc, argv);
        case COMMAND_PLAY:
                return cmd_play(argc, argv);
        case COMMAND_BUILD:
                return cmd_build(argc, argv);
        case COMMAND_IMAGES:
                return cmd_images(argc, argv);
        case COMMAND_RMI:
                return cmd_rmi(argc, argv);
        }
        return EXIT_VITRINE;
}

static int help(void)
{
        struct str text = { 0 };

        printf("usage: vitrine [tui] [FLAGS] [IMAGE [COMMAND [ARG...]]]\n"
               "       vitrine COMMAND ...\n\n"
               "Shows a Linux container from both sides of the glass, live: one process, two\n"
               "numbers; one user, two names; and root's power bit by bit. Takes docker run's flags.\n\n");
        for (size_t i = 0; i < commands_n; i++) {
                str_add_f(&text, "  vitrine %s %s\n", commands[i].name, commands[i].usage);
                wrap_add(&text, "     ", 6, 100, commands[i].sentence);
        }
        fputs(str_text(&text), stdout);
        printed_note();
        str_finish(&text);
        printf("\nvitrine COMMAND --help tells the flags; vitrine --version the version.\n");
        return 0;
}

/* No image has a name so near to a subcommand, where none was built: it is a slip of the fingers. */
static int refuse_near_miss(const char *word)
{
        const char *near = NULL;
        struct fault fault;
        unsigned least = 3;

        for (size_t i = 0; i < commands_n; i++) {
                unsigned distance = near_distance(word, commands[i].name);

                if (distance >= least || distance >= strlen(commands[i].name))
                        continue;
                least = distance;
                near = commands[i].name;
        }
        if (!near)
                return 0;
        fault_why(&fault, word, "no such command, and no image of that name");
        fault_hint(&fault, "did you mean `vitrine %s`?", near);
        return fault_print(&fault, false);
}

/* What was printed may still be on its way, and there may be no room for it. */
static int finish(int exit_code)
{
        struct fault fault;

        if (printed_end(&fault) || exit_code != 0)
                return exit_code;
        return fault_print(&fault, false);
}

/* Where one of the three standard descriptors is closed, the next thing that is opened would have its number,
 * and what is printed would go there. What stands in is open for the other direction: to use it fails as if
 * it were closed. */
static bool hold_standard_fds(struct fault *fault)
{
        for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
                if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
                        continue;
                if (open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
                        return fault_errno(fault, "/dev/null", "stand in for a closed descriptor");
        }
        return true;
}

int main(int argc, char **argv)
{
        const struct command *command;
        const char *first = argc > 1 ? argv[1] : "";
        struct fault fault;
        int refused;

        if (!hold_standard_fds(&fault))
                return fault_print(&fault, false);
        setlocale(LC_ALL, "");
        called_by(argc > 0 ? argv[0] : NULL);
        /* A file that has reached its limit (ulimit -f) is an errno, for which what was begun is ended in
         * order. What runs inside has the usual disposition again (cage/child.c). */
        signal(SIGXFSZ, SIG_IGN);
        if (strcmp(first, "--version") == 0) {
                puts(PACKAGE_STRING);
                return finish(0);
        }
        if (strcmp(first, "--help") == 0 || strcmp(first, "help") == 0)
                return finish(help());
        command = command_find(first);
        if (command)
                return finish(run_command(command->id, argc - 2, argv + 2));
        refused = *first && *first != '-' && !image_is_built(first) ? refuse_near_miss(first) : 0;
        return refused ? refused : finish(cmd_tui(argc - 1, argv + 1));
}
