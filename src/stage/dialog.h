/* SPDX-License-Identifier: MIT */
/* What is asked before it is done: a container that could harm the machine. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "spec/resolve.h"
#include "spec/spec.h"

/* Whom a container with the machine's processes may signal, more from one to the next. */
enum signals { SIGNALS_NONE_SEEN, SIGNALS_REMAPPED, SIGNALS_YOURS, SIGNALS_ALL };

/* What of a spec gives the machine away. */
struct dangers {
        bool privileged;
        enum signals pid_host;
        uint64_t caps;
};

/* caps and privileged count for real root alone; the machine's PID namespace in every mode. */
struct dangers dangers_of(const struct spec *spec, const struct machine *machine);
/* What a has and b has not; each for its own machine. */
struct dangers dangers_beyond(struct dangers a, struct dangers b);
bool dangers_any(struct dangers dangers);
/* Whether --userns remap would take away what is asked about: the machine's root then is not inside. */
bool dangers_can_remap(struct dangers dangers, const struct machine *machine);
/* The question's title, and what could be harmed: owned by the caller. */
const char *dangers_title(struct dangers dangers);
char *dangers_text(struct dangers dangers, const struct machine *machine);
