/* SPDX-License-Identifier: MIT */
/* Words of a command that has flags of its own, in pflag's grammar, flags and words in any order. */
#pragma once

#include <stdbool.h>

#include "base/fault.h"
#include "cmd/command_table.h"

struct own_words {
        const struct command *command;
        int argc;
        char **argv;
        int at;
        bool flags_end;      /* -- was met */
        const char *letters; /* what is left of joined letters, or NULL */
};

/* The next of the line: *ret_flag is NULL where it is a word; *ret_value is the word, or the flag's value
 * ("true" for one that takes none). Returns 0 at the end, -1 with a fault for a flag that is unknown,
 * refused, or lacks its value. The values are argv's. */
int own_words_next(struct own_words *words, const struct flag **ret_flag, const char **ret_value,
                   struct fault *fault);

/* View flags among them: they are kept as words again, which their own parser then reads, after those of
 * $VITRINE_FLAGS. */
void own_views_add(struct strv *words, const struct flag *flag, const char *value);
bool own_views_take(const struct strv *words, struct view_flags *ret, struct fault *fault);
