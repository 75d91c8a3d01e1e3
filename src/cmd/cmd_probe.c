/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "cmd/once.h"
#include "cmd/printed.h"
#include "probe/probe.h"
#include "stage/launch.h"

enum { PROBE_MS = 60000 };

static bool print_set(const struct probe_set *set, const struct launch *launch, bool json)
{
        own_free char *text = NULL;

        if (json)
                return json_print(probe_json(set));
        text = probe_text(set);
        fputs(text, stdout);
        printed_note();
        command_say_stand_in(launch->image.missing);
        return printed_flush();
}

static bool ask(struct launch *launch, const char *id, const struct view_flags *views, struct fault *fault)
{
        const struct cage_stdio quiet = { -1, -1, -1, false };
        own_free char *helper = launch_helper("vitrine-probe");
        struct probe_run *run = NULL;
        struct probe_set set;
        bool ok;

        ok = command_start(launch, id, &quiet, -1, fault) && probe_start(helper, launch->cage, &run, fault) &&
             probe_wait(run, PROBE_MS, &set, fault);
        probe_end(run);
        return ok && (print_set(&set, launch, views->json) || printed_end(fault));
}

int cmd_probe(int argc, char **argv)
{
        return command_once("probe", ask, argc, argv);
}
