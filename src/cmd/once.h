/* SPDX-License-Identifier: MIT */
/* Commands that launch a container, look at it once, print what they saw and end it. */
#pragma once

#include <stdbool.h>

#include "base/fault.h"
#include "spec/spec.h"

struct cage_stdio;
struct launch;

/* Starts what was prepared, looks and prints. */
typedef bool command_look(struct launch *launch, const char *id, const struct view_flags *views,
                          struct fault *fault);

/* launch_start; and where it makes do with one id says so on standard error. */
bool command_start(struct launch *launch, const char *id, const struct cage_stdio *stdio, int sock,
                   struct fault *fault);

/* Says which image the demo root stands in for; "": for none. */
void command_say_stand_in(const char *missing);

/* Takes the words after the command's name; returns the exit status. */
int command_once(const char *name, command_look *look, int argc, char **argv);
