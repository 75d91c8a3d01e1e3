/* SPDX-License-Identifier: MIT */
/* The parts of the manual page and of the shells' completions that come from vitrine's tables. A part is what
 * stands in place of one line of a template. */
#pragma once

#include "base/str.h"
#include "cmd/command_table.h"

typedef void doc_part(struct str *out);

/* The manual page (man(7)). */
doc_part man_title, man_commands, man_run_flags, man_view_flags, man_refused_flags, man_keys,
        man_capabilities, man_exit_status;
/* Completions. */
doc_part bash_commands, bash_flags, bash_values, zsh_tables, fish_completions;
