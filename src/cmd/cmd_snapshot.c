/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/own.h"
#include "cmd/once.h"
#include "cmd/printed.h"
#include "snapshot/snapshot.h"
#include "stage/launch.h"
#include "stage/look.h"

enum { LOOK_MS = 10000 };

static bool print_snapshot(const struct snapshot *snapshot, const struct launch *launch,
                           const struct view_flags *views)
{
        struct utsname uts = { 0 };
        struct snapshot_extra extra = {
                .spec = &launch->spec,
                .uid = launch->resolved.uid,
                .root = image_root_name(&launch->image),
                .command = &launch->resolved.argv,
                .kernel_release = uts.release,
                .state = "running",
        };
        own_free char *text = NULL;

        uname(&uts);
        if (views->json)
                return json_print(snapshot_json(snapshot, &extra));
        text = snapshot_text(snapshot, &extra, views->ascii);
        fputs(text, stdout);
        printed_note();
        command_say_stand_in(launch->image.missing);
        if (*cage_note(launch->cage))
                printf("note: %s\n", cage_note(launch->cage));
        return printed_flush();
}

static bool take(struct launch *launch, const char *id, const struct view_flags *views, struct fault *fault)
{
        struct cage_stdio quiet = { -1, -1, -1, false };
        struct snapshot snapshot;
        struct look look;
        bool ok;

        if (!look_open(&look, fault))
                return false;
        ok = command_start(launch, id, &quiet, -1, fault) && look_at(&look, launch, fault) &&
             look_wait(&look, launch, LOOK_MS, &snapshot, fault);
        if (ok) {
                ok = print_snapshot(&snapshot, launch, views) || printed_end(fault);
                snapshot_finish(&snapshot);
        }
        look_close(&look);
        return ok;
}

int cmd_snapshot(int argc, char **argv)
{
        return command_once("snapshot", take, argc, argv);
}
