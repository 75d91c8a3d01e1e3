/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/once.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/own.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "stage/launch.h"

bool command_start(struct launch *launch, const char *id, const struct cage_stdio *stdio, int sock,
                   struct fault *fault)
{
        if (!launch_start(launch, id, stdio, sock, fault))
                return false;
        if (launch->makes_do)
                fprintf(stderr, "vitrine: one id alone is mapped: %s\n", launch->machine.one_id_why);
        return true;
}

void command_say_stand_in(const char *missing)
{
        own_free char *note = image_stand_in(missing);

        if (*missing)
                puts(note);
}

int command_once(const char *name, command_look *look, int argc, char **argv)
{
        struct view_flags views = { 0 };
        struct launch launch = { 0 };
        struct fault fault = { 0 };
        char id[LAUNCH_ID_SIZE];
        struct spec spec;
        int exit_code = 0;

        if (!command_parse(command_find(name), argc, argv, &spec, &views, &exit_code))
                return exit_code;
        if (!*spec.image) {
                free(spec.image);
                spec.image = xstrdup("ubuntu");
        }
        launch_new_id(id);
        if (!launch_prepare(&spec, id, true, &launch, &fault) || !look(&launch, id, &views, &fault))
                exit_code = fault_print(&fault, views.json);
        launch_finish(&launch);
        spec_finish(&spec);
        return exit_code;
}
