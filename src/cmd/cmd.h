/* SPDX-License-Identifier: MIT */
/* The subcommands. Each takes the words after its name and returns the exit status. */
#pragma once

#include <jv.h>
#include <stdbool.h>

#include "base/fault.h"
#include "cmd/command_table.h"
#include "spec/spec.h"

int cmd_tui(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_build(int argc, char **argv);
int cmd_images(int argc, char **argv);
int cmd_rmi(int argc, char **argv);
int cmd_snapshot(int argc, char **argv);
int cmd_probe(int argc, char **argv);
int cmd_exec(int argc, char **argv);
int cmd_attach(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_learn(int argc, char **argv);
int cmd_play(int argc, char **argv);

/* Prints "vitrine: what failed: why" and, where there is a remedy, "hint: …" to standard error. With json the
 * object that says the same goes to standard output. Returns the exit status. */
int fault_print(const struct fault *fault, bool json);

/* A cell of a table: escaped, cut to width columns. Owned by the caller. */
char *table_cell(const char *text, int width);
/* Prints cells, row by row, in columns as wide as they must be. */
void table_print(const struct strv *cells, size_t columns);

/* Prints a value on one line and frees it. Returns false with errno set when standard output did not take it.
 */
bool json_print(jv value);

/* cmd_tui.c: the screen of a container that was joined, until its viewer leaves. */
struct attach;
bool tui_show_attached(struct attach *attach, const struct view_flags *views, struct fault *fault);

/* The view flags that $VITRINE_FLAGS holds, split as a shell would; the command line's come after them.
 * Whatever else stands in it is a fault that names VITRINE_FLAGS. Writes the results only on success. */
bool command_own_flags(enum engine *ret_engine, struct view_flags *ret_views, struct fault *fault);

/* The view flag that a word writes (--NAME, --NAME=VALUE), or NULL. */
const struct flag *command_view_flag(const char *word);

/* Refuses --record where nothing is drawn. */
bool command_refuse_record(struct fault *fault);

/* Parses the words of a command that takes run flags, with $VITRINE_FLAGS before them for the view flags;
 * prints the help and returns false with *ret_exit set when that is all. */
bool command_parse(const struct command *command, int argc, char **argv, struct spec *spec,
                   struct view_flags *views, int *ret_exit);
/* The same for `vitrine run`, with its --trace-caps. */
bool command_parse_run(int argc, char **argv, struct spec *spec, bool *ret_trace, int *ret_exit);
/* The help of one command, with its flags. */
void command_help(const struct command *command);
