/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "stage/attach.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/text.h"

enum { CMDLINE_MAX_BYTES = 8 << 20 };

/* The words of init's command as it says them itself now, fit to be shown. */
static void read_argv(pid_t init, struct strv *ret)
{
        own_free char *text = NULL;
        char path[48];
        size_t n = 0;

        snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)init);
        if (!io_read_file(AT_FDCWD, path, CMDLINE_MAX_BYTES, &text, &n))
                return;
        for (size_t at = 0; at < n; at += strlen(text + at) + 1)
                strv_add_take(ret, text_escape(text + at, strlen(text + at), false));
}

static char *known(const char *text)
{
        return text && *text ? xstrdup(text) : NULL;
}

/* The cage's own name, or what its control group tells. */
static void identify(struct attach *attach, pid_t init)
{
        struct others list;

        if (!others_list(&list, NULL))
                return;
        for (size_t i = 0; i < list.n; i++) {
                const struct other *other = &list.v[i];

                if (other->init != init)
                        continue;
                attach->name = known(other->name);
                attach->id = known(*other->id ? other->id : other->guess.id);
                attach->engine = known(*other->id ? "vitrine" : other->guess.engine);
        }
        others_finish(&list);
}

static enum engine rules_of(const struct attach *attach)
{
        return attach->engine && strcmp(attach->engine, "podman") == 0 ? ENGINE_PODMAN : ENGINE_DOCKER;
}

bool attach_open(pid_t pid, struct attach *ret, struct fault *fault)
{
        struct attach attach = { .launch.image.root_fd = -1 };
        struct launch *launch = &attach.launch;

        spec_init(&launch->spec);
        if (!cage_machine(&launch->spec, &launch->machine, fault) || !cage_join(pid, &launch->cage, fault)) {
                spec_finish(&launch->spec);
                return false;
        }
        launch->image.path = xstrdup("");
        launch->image.missing = xstrdup("");
        launch->image.passwd = xstrdup("");
        launch->image.group = xstrdup("");
        launch->resolved.hostname = xstrdup("");
        read_argv(cage_init_pid(launch->cage), &launch->resolved.argv);
        identify(&attach, cage_init_pid(launch->cage));
        *ret = attach;
        return true;
}

struct attached attach_who(const struct attach *attach)
{
        return (struct attached){ .pid = cage_init_pid(attach->launch.cage),
                                  .engine = attach->engine,
                                  .id = attach->id,
                                  .name = attach->name };
}

void attach_derive(const struct attach *attach, struct launch *launch, const struct snapshot *snapshot)
{
        struct spec spec;

        derive_spec(&snapshot->init_inside, &snapshot->ns, launch->machine.known, rules_of(attach), &spec);
        strv_copy(&spec.args, &launch->resolved.argv);
        if (attach->name) {
                free(spec.name);
                spec.name = xstrdup(attach->name);
        }
        spec_finish(&launch->spec);
        launch->spec = spec;
        launch->machine.mode = derive_mode(&snapshot->ns, &snapshot->uid_map);
}

static uint64_t clock_ms(clockid_t clock)
{
        struct timespec ts = { 0 };

        clock_gettime(clock, &ts);
        return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

/* The 22nd field of /proc/PID/stat counts from the boot, time asleep too. */
uint64_t attach_started_ms(const struct attach *attach)
{
        uint64_t now = time_now_ms(), ticks = 0, age, began;
        char path[48], text[1024];
        own_fd int fd = -1;
        const char *at;
        ssize_t n;

        snprintf(path, sizeof(path), "/proc/%d/stat", (int)cage_init_pid(attach->launch.cage));
        fd = open(path, O_RDONLY | O_CLOEXEC);
        n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
        text[n > 0 ? n : 0] = '\0';
        at = strrchr(text, ')');
        if (!at ||
            sscanf(at + 1,
                   " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %" SCNu64,
                   &ticks) != 1)
                return now;
        began = ticks * 1000 / (uint64_t)sysconf(_SC_CLK_TCK);
        age = clock_ms(CLOCK_BOOTTIME) > began ? clock_ms(CLOCK_BOOTTIME) - began : 0;
        return now > age ? now - age : 0;
}

bool attach_look(struct attach *attach, int timeout_ms, struct snapshot *ret, struct fault *fault)
{
        struct launch *launch = &attach->launch;
        struct look look;
        int status;
        bool ok;

        if (!look_open_joined(&look, fault))
                return false;
        ok = look_at(&look, launch, fault) && look_wait(&look, launch, timeout_ms, ret, fault);
        if (ok && !ret->init_seen) {
                snapshot_finish(ret);
                fault_why(fault, "look at the container", "its first process was not seen from both sides");
                fault_hint(fault, "its PID namespace can only be read with CAP_SYS_PTRACE: be root of the "
                                  "machine itself");
                ok = false;
        }
        if (ok) {
                /* What was read is of that container only if its init lives yet: then no number in it, nor
                 * its namespace's, has been given anew. */
                ok = cage_read(launch->cage, &status, fault) == 0 ||
                     fault_why(fault, "look at the container", "it ended meanwhile");
                attach_derive(attach, launch, ret);
                ret->mode = launch->machine.mode;
                if (!ok)
                        snapshot_finish(ret);
        }
        look_close(&look);
        return ok;
}

void attach_close(struct attach *attach)
{
        launch_finish(&attach->launch);
        free(attach->engine);
        free(attach->id);
        free(attach->name);
        *attach = (struct attach){ .launch.image.root_fd = -1 };
}
