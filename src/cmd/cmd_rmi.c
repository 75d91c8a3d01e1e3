/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/cmd.h"

#include <stdio.h>
#include <string.h>

#include "base/own.h"
#include "cmd/own_flags.h"
#include "image/reference.h"
#include "image/store.h"

static bool take_words(int argc, char **argv, struct strv *names, bool *ret_force, bool *ret_help,
                       struct fault *fault)
{
        struct own_words words = { .command = command_find("rmi"), .argc = argc, .argv = argv };
        const struct flag *flag;
        const char *value;
        int got;

        while ((got = own_words_next(&words, &flag, &value, fault)) > 0) {
                if (!flag)
                        strv_add(names, value);
                else
                        *(strcmp(flag->name, "force") == 0 ? ret_force : ret_help) = true;
        }
        if (got < 0)
                return false;
        if (names->n || *ret_help)
                return true;
        fault_why(fault, "rmi", "the line names no image");
        return fault_hint(fault, "vitrine images lists them");
}

static bool remove_one(const char *folder, const char *name, bool force, struct fault *fault)
{
        char why[REFERENCE_WHY];
        own_free char *full = reference_full(name, why), *step = xasprintf("rmi %s", name);

        if (!full)
                return fault_why(fault, step, "%s", why);
        switch (store_remove(folder, full, force, fault)) {
        case STORE_FOUND:
                printf("removed %s\n", full);
                return true;
        case STORE_FAULT:
                return false;
        case STORE_NONE:
                break;
        }
        if (force)
                return true;
        fault_why(fault, step, "no such image was built here");
        return fault_hint(fault, "vitrine images lists them");
}

int cmd_rmi(int argc, char **argv)
{
        struct strv names = { 0 };
        struct fault fault = { 0 };
        bool force = false, help = false;
        own_free char *folder = NULL;
        int exit_code = 0;

        if (!take_words(argc, argv, &names, &force, &help, &fault) ||
            (!help && !store_folder(&folder, &fault))) {
                strv_finish(&names);
                return fault_print(&fault, false);
        }
        if (help)
                command_help(command_find("rmi"));
        for (size_t i = 0; !help && i < names.n; i++)
                if (!remove_one(folder, names.v[i], force, &fault))
                        exit_code = fault_print(&fault, false);
        strv_finish(&names);
        return exit_code;
}
