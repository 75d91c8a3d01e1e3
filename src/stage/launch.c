/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "stage/launch.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"

void launch_new_id(char id[static LAUNCH_ID_SIZE])
{
        unsigned char bytes[LAUNCH_ID_SIZE / 2] = { 0 };

        if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
                snprintf((char *)bytes, sizeof(bytes), "%u", (unsigned)getpid());
        for (size_t i = 0; i < sizeof(bytes); i++)
                snprintf(id + 2 * i, 3, "%02x", bytes[i]);
}

char *launch_helper(const char *name)
{
        return io_beside(name, X_OK, PKGLIBEXECDIR);
}

/* A shell without a terminal ends at once: where a container is to be looked at, the demo root's is no
 * command. */
static void forget_shell(struct image *image)
{
        if (image->default_cmd)
                strv_finish(&image->config.cmd);
}

static bool resolve(const struct launch *launch, struct resolved *ret, struct fault *fault)
{
        const struct users users = { .passwd = launch->image.passwd, .group = launch->image.group };

        return spec_resolve(&launch->spec, &launch->image.config, &users, &launch->machine, launch->id,
                            launch->keep_open, environ, ret, fault);
}

/* Who shares the machine's network is called what the machine is called; who shares its name alone has it
 * from the kernel, and Docker's HOSTNAME is the id all the same (read off Docker 20.10 and Podman 4.3). */
static bool has_machine_name(const struct spec *spec)
{
        return spec->network == NS_HOST || (spec->uts == NS_HOST && spec->engine == ENGINE_PODMAN);
}

static bool prepare(const struct image_shelf *shelf, const struct spec *spec, const char *id, bool keep_open,
                    bool foresee, struct launch *ret, struct fault *fault)
{
        struct launch launch = { .image.root_fd = -1, .keep_open = keep_open };
        char machine_name[HOST_NAME_MAX + 1] = "";

        if (!cage_machine(spec, &launch.machine, fault))
                return false;
        if (foresee)
                cage_try_machine(&launch.machine);
        if (!image_open_from(shelf, spec->image, &launch.image, fault))
                return false;
        if (keep_open)
                forget_shell(&launch.image);
        if (has_machine_name(spec) && gethostname(machine_name, sizeof(machine_name) - 1) == 0 &&
            *machine_name)
                id = machine_name;
        snprintf(launch.id, sizeof(launch.id), "%s", id);
        spec_copy(&launch.spec, spec);
        if (!resolve(&launch, &launch.resolved, fault)) {
                spec_finish(&launch.spec);
                image_finish(&launch.image);
                return false;
        }
        *ret = launch;
        return true;
}

bool launch_prepare(const struct spec *spec, const char *id, bool keep_open, struct launch *ret,
                    struct fault *fault)
{
        return prepare(NULL, spec, id, keep_open, false, ret, fault);
}

bool launch_prepare_from(const struct image_shelf *shelf, const struct spec *spec, const char *id,
                         bool keep_open, struct launch *ret, struct fault *fault)
{
        return prepare(shelf, spec, id, keep_open, false, ret, fault);
}

bool launch_foresee(const struct spec *spec, const char *id, struct launch *ret, struct fault *fault)
{
        return prepare(NULL, spec, id, false, true, ret, fault);
}

/* The range was refused in earnest, by something that could not be seen before (a filter around vitrine). */
static bool make_do(struct launch *launch, const char *why, struct fault *fault)
{
        struct resolved resolved;

        cage_forgo_range(&launch->machine, why);
        launch->makes_do = true;
        if (!resolve(launch, &resolved, fault))
                return false;
        resolved_finish(&launch->resolved);
        launch->resolved = resolved;
        return true;
}

bool launch_start(struct launch *launch, const char *id, const struct cage_stdio *stdio, int door,
                  struct fault *fault)
{
        own_free char *helper = launch_helper("vitrine-keeper");
        struct fault refused = { 0 };

        if (cage_launch(helper, &launch->spec, &launch->resolved, &launch->image, &launch->machine, id, stdio,
                        door, &launch->cage, &refused))
                return true;
        if (!cage_range_refused(&launch->machine, &refused)) {
                *fault = refused;
                return false;
        }
        return make_do(launch, refused.why, fault) &&
               cage_launch(helper, &launch->spec, &launch->resolved, &launch->image, &launch->machine, id,
                           stdio, door, &launch->cage, fault);
}

void launch_finish(struct launch *launch)
{
        if (!launch->resolved.hostname)
                return;
        cage_destroy(launch->cage);
        resolved_finish(&launch->resolved);
        image_finish(&launch->image);
        spec_finish(&launch->spec);
        *launch = (struct launch){ .image.root_fd = -1 };
}
