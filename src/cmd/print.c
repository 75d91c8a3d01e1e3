/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "base/text.h"
#include "spec/explain.h"

/* Remedies by the beginning of the step and the errno (0: any). when_file, when_text: only where that file
 * begins with the text, which tells machines apart that refuse with the same errno. The first that fits is
 * given. */
static const struct {
        const char *step;
        int err;
        const char *when_file, *when_text;
        const char *remedy;
} remedies[] = {
        { "create the container's namespaces", 0, "/proc/sys/kernel/unprivileged_userns_clone", "0",
          "this machine gives user namespaces to root alone: sudo ./vitrine, or: sudo sysctl "
          "kernel.unprivileged_userns_clone=1" },
        { "create the container's namespaces", 0, "/proc/sys/user/max_user_namespaces", "0\n",
          "user namespaces are switched off: sudo sysctl user.max_user_namespaces=10000, or: sudo "
          "./vitrine" },
        { "create the container's namespaces (with a user namespace)", ENOSPC, NULL, NULL,
          "the limit of user namespaces is reached (sysctl user.max_user_namespaces): sudo ./vitrine" },
        { "create the container's namespaces (with a user namespace)", EPERM, NULL, NULL,
          "this machine (or the container that vitrine runs in) refuses user namespaces: sudo ./vitrine" },
        { "create the container's namespaces", ENOSPC, NULL, NULL,
          "a limit below /proc/sys/user is reached; raise it, or end what holds namespaces" },
        { "make the mounts private", 0, "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1",
          "AppArmor takes the powers of new user namespaces away here (Ubuntu 24.04 does so); vitrine "
          "doctor tells of a profile; at once: sudo ./vitrine" },
        { "make the mounts private", EINVAL, NULL, NULL,
          "vitrine runs in a chroot, whose root is no mount: begin it with `unshare -m`, after `mount --bind "
          "DIR DIR`" },
        { "make the mounts private", 0, NULL, NULL,
          "something takes the powers of a new user namespace away: sudo ./vitrine" },
        { "mount /proc in the container", EPERM, NULL, NULL,
          "a part of this machine's /proc is covered, as in most containers; run vitrine on the machine "
          "itself, or as its root" },
        { "mount /sys in the container", EPERM, NULL, NULL,
          "a part of this machine's /sys is covered, as in most containers; run vitrine on the machine "
          "itself, or as its root" },
        { "enter the container's root", EINVAL, NULL, NULL,
          "vitrine runs in a chroot, whose root is no mount: begin it with `unshare -m`, after `mount --bind "
          "DIR DIR`" },
        { "enter the image", EACCES, NULL, NULL,
          "its folder is closed to the container's root, who is nobody on this machine: open it (chmod "
          "o+rx), or leave --userns remap away" },
        { "write the user namespace's", EPERM, NULL, NULL,
          "this machine does not let you map ids: sudo ./vitrine" },
        { "read the seccomp profile", ENOENT, NULL, NULL,
          "seccomp=unconfined takes none; without the option the built-in one is used" },
};

static bool file_begins(const char *path, const char *text)
{
        own_free char *found = NULL;
        size_t n;

        return io_read_file(AT_FDCWD, path, 4096, &found, &n) && strncmp(found, text, strlen(text)) == 0;
}

const char *fault_remedy(const struct fault *fault)
{
        if (fault->hint[0])
                return fault->hint;
        for (size_t i = 0; i < sizeof(remedies) / sizeof(remedies[0]); i++) {
                if (strncmp(fault->step, remedies[i].step, strlen(remedies[i].step)) != 0)
                        continue;
                if (remedies[i].err && remedies[i].err != fault->err)
                        continue;
                if (!remedies[i].when_file || file_begins(remedies[i].when_file, remedies[i].when_text))
                        return remedies[i].remedy;
        }
        return "";
}

int fault_print(const struct fault *fault, bool json)
{
        char line[700];
        own_free char *safe = NULL, *safe_hint = NULL;
        const char *remedy = fault_remedy(fault);

        fault_line(fault, line, sizeof(line));
        safe = text_escape(line, strlen(line), false);
        safe_hint = text_escape(remedy, strlen(remedy), false);
        fprintf(stderr, "vitrine: %s\n", safe);
        if (*safe_hint)
                fprintf(stderr, "hint: %s\n", safe_hint);
        if (json)
                json_print(fault_json(fault, remedy));
        return fault->exit_code ? fault->exit_code : EXIT_VITRINE;
}

bool json_print(jv value)
{
        jv text = jv_dump_string(value, 0);

        printf("%s\n", jv_string_value(text));
        jv_free(text);
        return fflush(stdout) == 0;
}

char *table_cell(const char *text, int width)
{
        own_free char *safe = text_escape(text, strlen(text), false);

        return text_cut(safe, width, "~");
}

void table_print(const struct strv *cells, size_t columns)
{
        own_free int *width = xcalloc(columns, sizeof(*width));

        for (size_t i = 0; i < cells->n; i++)
                if (text_width(cells->v[i]) > width[i % columns])
                        width[i % columns] = text_width(cells->v[i]);
        for (size_t i = 0; i < cells->n; i++) {
                bool last = i % columns == columns - 1;

                printf("%s%*s", cells->v[i], last ? 0 : width[i % columns] - text_width(cells->v[i]) + 2, "");
                if (last)
                        putchar('\n');
        }
}
