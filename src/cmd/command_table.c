/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/command_table.h"

#include <string.h>

const struct command commands[] = {
        { COMMAND_TUI, "tui", "[FLAGS] [IMAGE [COMMAND [ARG...]]]",
          "The container from both sides, live. Without words: docker run ubuntu sleep 3600.",
          TAKES_RUN | TAKES_VIEW },
        { COMMAND_RUN, "run", "[FLAGS] IMAGE [COMMAND [ARG...]]",
          "Runs a command in the foreground, as docker run does.", TAKES_RUN | TAKES_ENGINE },
        { COMMAND_EXEC, "exec", "[-u USER] [-e NAME=VALUE] [-w PATH] [-i] [-t] NAME|PID COMMAND [ARG...]",
          "One more process in a container of vitrine's that runs, as docker exec starts it. NAME is its "
          "--name or the "
          "beginning of its id (its host name), PID that of its first process on the machine.",
          TAKES_EXEC },
        { COMMAND_SNAPSHOT, "snapshot", "[FLAGS] [IMAGE [COMMAND [ARG...]]]",
          "Launches, looks once from both sides, prints what was seen (--json for programs), ends the "
          "container.",
          TAKES_RUN | TAKES_VIEW },
        { COMMAND_EXPLAIN, "explain", "[--json] docker run ...",
          "Says what such a line means; launches nothing.", TAKES_RUN | TAKES_VIEW | TAKES_LINE },
        { COMMAND_DOCTOR, "doctor", "[--json]",
          "Says what this machine lets vitrine do, and what to do where it does not.", TAKES_JSON },
};

const size_t commands_n = sizeof(commands) / sizeof(commands[0]);

const struct command *command_find(const char *name)
{
        for (size_t i = 0; i < commands_n; i++)
                if (strcmp(commands[i].name, name) == 0)
                        return &commands[i];
        return NULL;
}

static bool takes_run_flag(const struct command *command, const struct flag *flag)
{
        static const char *const exec[] = { "env", "interactive", "tty", "user", "workdir" };

        for (size_t i = 0; command->takes & TAKES_EXEC && i < sizeof(exec) / sizeof(exec[0]); i++)
                if (strcmp(flag->name, exec[i]) == 0)
                        return true;
        return flag->take && (command->takes & TAKES_RUN || strcmp(flag->name, "help") == 0);
}

static bool takes_view_flag(const struct command *command, const struct flag *flag)
{
        return command->takes & TAKES_VIEW ||
               (command->takes & TAKES_ENGINE && strcmp(flag->name, "engine") == 0) ||
               (command->takes & TAKES_JSON && strcmp(flag->name, "json") == 0);
}

size_t command_flags(const struct command *command, const struct flag *ret[static COMMAND_FLAGS_MAX])
{
        size_t n = 0;

        for (unsigned i = 0; i < run_flags_n && n < COMMAND_FLAGS_MAX; i++)
                if (takes_run_flag(command, &run_flags[i]))
                        ret[n++] = &run_flags[i];
        for (unsigned i = 0; i < view_flags_n && n < COMMAND_FLAGS_MAX; i++)
                if (takes_view_flag(command, &view_flags_table[i]))
                        ret[n++] = &view_flags_table[i];
        return n;
}
