/* SPDX-License-Identifier: MIT */
/* The subcommands as a table: dispatch, help, manual page and completions come from it. It names no function,
 * so that what makes the manual needs nothing else of vitrine. Pure. */
#pragma once

#include <stddef.h>

#include "spec/flags.h"

enum command_id {
        COMMAND_TUI,
        COMMAND_RUN,
        COMMAND_EXEC,
        COMMAND_SNAPSHOT,
        COMMAND_PROBE,
        COMMAND_ATTACH,
        COMMAND_EXPLAIN,
        COMMAND_DOCTOR,
        COMMAND_LEARN,
        COMMAND_PLAY,
        COMMAND_BUILD,
        COMMAND_IMAGES,
        COMMAND_RMI
};

/* Which flags may stand after the name; --help always may. */
enum {
        TAKES_RUN = 1,    /* docker run's */
        TAKES_VIEW = 2,   /* the view flags */
        TAKES_ENGINE = 4, /* --engine of the view flags */
        TAKES_JSON = 8,   /* --json of the view flags */
        TAKES_EXEC = 32,  /* those of docker run's that docker exec has too */
        TAKES_LINE = 16,  /* a docker line follows: its flags stand after `docker run` */
};

struct command {
        enum command_id id;
        const char *name;
        const char *usage;    /* what stands after the name */
        const char *sentence; /* what it does */
        unsigned takes;
        const struct flag *own; /* flags of its own; one with a remedy is refused with it */
        size_t own_n;
};

/* In the order of the help. */
extern const struct command commands[];
extern const size_t commands_n;

/* NULL when there is none of that name. */
const struct command *command_find(const char *name);

enum { COMMAND_FLAGS_MAX = 64 };

/* The flags that a command takes, in the order of its help; returns how many they are. */
size_t command_flags(const struct command *command, const struct flag *ret[static COMMAND_FLAGS_MAX]);
