/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "spec/flags.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void set_text(char **field, const char *value)
{
        free(*field);
        *field = xstrdup(value);
}

static bool take_user(struct flag_parse *p, const char *shown, const char *value)
{
        (void)shown;
        set_text(&p->spec.user, value);
        return true;
}

static bool take_group_add(struct flag_parse *p, const char *shown, const char *value)
{
        (void)shown;
        strv_add(&p->spec.group_add, value);
        return true;
}

static bool take_cap_add(struct flag_parse *p, const char *shown, const char *value)
{
        (void)shown;
        strv_add(&p->cap_add, value);
        return true;
}

static bool take_cap_drop(struct flag_parse *p, const char *shown, const char *value)
{
        (void)shown;
        strv_add(&p->cap_drop, value);
        return true;
}

static bool take_privileged(struct flag_parse *p, const char *shown, const char *value)
{
        (void)shown;
        p->spec.caps.privileged = *value == 't';
        return true;
}

/* no-new-privileges, with nothing or a bool's word after = or :; seccomp=FILE or unconfined. */
static bool take_security(struct flag_parse *p, const char *shown, const char *value)
{
        size_t n = strcspn(value, "=:");
        const char *rest = value[n] ? value + n + 1 : "";

        if (n == 17 && strncmp(value, "no-new-privileges", n) == 0) {
                const char *word = value[n] ? flags_bool(rest) : "true";

                if (word) {
                        p->spec.no_new_privileges = *word == 't';
                        return true;
                }
        }
        if (n == 7 && strncmp(value, "seccomp", n) == 0 && *rest) {
                set_text(&p->spec.seccomp, rest);
                return true;
        }
        if ((n == 8 && strncmp(value, "apparmor", n) == 0) || (n == 5 && strncmp(value, "label", n) == 0)) {
                fault_why(p->fault, shown, "vitrine sets no AppArmor or SELinux labels");
                return fault_hint(p->fault,
                                  "leave it away: the capabilities and the filter are the same without");
        }
        if (strcmp(value, "systempaths=unconfined") == 0) {
                fault_why(p->fault, shown, "vitrine masks /proc and /sys unless --privileged is given");
                return fault_hint(p->fault, "leave it away, or --privileged");
        }
        fault_why(p->fault, shown, "Invalid --security-opt: \"%s\"", value);
        return fault_hint(p->fault, "there are no-new-privileges, seccomp=unconfined and seccomp=FILE");
}

static bool take_pid(struct flag_parse *p, const char *shown, const char *value)
{
        return flags_keep_ns(p, NS_FLAG_PID, shown, value);
}

static bool take_uts(struct flag_parse *p, const char *shown, const char *value)
{
        return flags_keep_ns(p, NS_FLAG_UTS, shown, value);
}

static bool take_ipc(struct flag_parse *p, const char *shown, const char *value)
{
        return flags_keep_ns(p, NS_FLAG_IPC, shown, value);
}

static bool take_cgroupns(struct flag_parse *p, const char *shown, const char *value)
{
        return flags_keep_ns(p, NS_FLAG_CGROUPNS, shown, value);
}

static bool take_userns(struct flag_parse *p, const char *shown, const char *value)
{
        return flags_keep_ns(p, NS_FLAG_USERNS, shown, value);
}

static bool take_network(struct flag_parse *p, const char *shown, const char *value)
{
        return flags_keep_ns(p, NS_FLAG_NETWORK, shown, value);
}

static bool take_hostname(struct flag_parse *p, const char *shown, const char *value)
{
        if (strlen(value) > 64)
                return fault_why(p->fault, shown, "a host name has at most 64 characters") ||
                       fault_hint(p->fault, "choose a shorter one");
        set_text(&p->spec.hostname, value);
        return true;
}

static bool take_name(struct flag_parse *p, const char *shown, const char *value)
{
        bool ok = isalnum((unsigned char)value[0]) && value[1];

        for (const char *c = value; *c; c++)
                ok = ok && (isalnum((unsigned char)*c) || strchr("_.-", *c));
        if (ok) {
                set_text(&p->spec.name, value);
                return true;
        }
        fault_why(p->fault, shown,
                  "Invalid container name (%.100s), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed", value);
        return fault_hint(p->fault, "two characters or more, the first one a letter or a digit");
}

static bool take_read_only(struct flag_parse *p, const char *shown, const char *value)
{
        (void)shown;
        p->spec.read_only = *value == 't';
        return true;
}

static bool take_env(struct flag_parse *p, const char *shown, const char *value)
{
        if (*value && *value != '=') {
                strv_add(&p->spec.env, value);
                return true;
        }
        fault_why(p->fault, shown,
                  "invalid argument \"%.80s\" for \"-e, --env\" flag: invalid environment variable: %.80s",
                  value, value);
        return fault_hint(p->fault, "-e NAME=VALUE");
}

static bool take_workdir(struct flag_parse *p, const char *shown, const char *value)
{
        (void)shown;
        set_text(&p->spec.workdir, value);
        return true;
}

static bool take_entrypoint(struct flag_parse *p, const char *shown, const char *value)
{
        (void)shown;
        set_text(&p->spec.entrypoint, value);
        p->spec.has_entrypoint = true;
        return true;
}

static bool take_interactive(struct flag_parse *p, const char *shown, const char *value)
{
        (void)shown;
        p->spec.interactive = *value == 't';
        return true;
}

static bool take_tty(struct flag_parse *p, const char *shown, const char *value)
{
        (void)shown;
        p->spec.tty = *value == 't';
        return true;
}

static bool take_rm(struct flag_parse *p, const char *shown, const char *value)
{
        (void)shown;
        p->spec.rm = *value == 't';
        return true;
}

static bool take_sig_proxy(struct flag_parse *p, const char *shown, const char *value)
{
        if (*value == 't')
                return true;
        fault_why(p->fault, shown, "vitrine always forwards signals");
        return fault_hint(p->fault, "leave it away");
}

static bool take_help(struct flag_parse *p, const char *shown, const char *value)
{
        (void)shown;
        p->help = *value == 't';
        return true;
}

static bool take_engine(struct flag_parse *p, const char *shown, const char *value)
{
        for (int i = 0; i < ENGINE_N; i++) {
                if (strcmp(caps_rules((enum engine)i)->engine, value) != 0)
                        continue;
                p->spec.engine = (enum engine)i;
                return true;
        }
        fault_why(p->fault, shown, "no such engine");
        return fault_hint(p->fault, "there are docker and podman");
}

static bool take_host(struct flag_parse *p, const char *shown, const char *value)
{
        if (strcmp(value, "full") != 0 && strcmp(value, "names") != 0 && strcmp(value, "line") != 0) {
                fault_why(p->fault, shown, "no such amount of the machine's processes");
                return fault_hint(p->fault, "there are full, names and line");
        }
        snprintf(p->views.host, sizeof(p->views.host), "%s", value);
        return true;
}

static bool take_record(struct flag_parse *p, const char *shown, const char *value)
{
        if (!*value || strlen(value) >= sizeof(p->views.record))
                return fault_why(p->fault, shown, "that is no file's name");
        snprintf(p->views.record, sizeof(p->views.record), "%s", value);
        return true;
}

static bool take_scheme(struct flag_parse *p, const char *shown, const char *value)
{
        enum scheme scheme = scheme_find(value);
        const char *near = scheme_near(value);
        struct str hint = { 0 };

        if (scheme != SCHEME_N) {
                p->views.scheme = scheme;
                return true;
        }
        if (near)
                str_add_f(&hint, "did you mean %s? ", near);
        str_add(&hint, "there are ");
        for (int i = 0; i < SCHEME_N; i++)
                str_add_f(&hint, "%s%s",
                          i == 0              ? ""
                          : i == SCHEME_N - 1 ? " and "
                                              : ", ",
                          scheme_name((enum scheme)i));
        fault_why(p->fault, shown, "no such colour scheme");
        fault_hint(p->fault, "%s", str_text(&hint));
        str_finish(&hint);
        return false;
}

static bool take_ascii(struct flag_parse *p, const char *shown, const char *value)
{
        (void)shown;
        p->views.ascii = *value == 't';
        return true;
}

static bool take_big(struct flag_parse *p, const char *shown, const char *value)
{
        (void)shown;
        p->views.big = *value == 't';
        return true;
}

static bool take_keys(struct flag_parse *p, const char *shown, const char *value)
{
        (void)shown;
        p->views.keys = *value == 't';
        return true;
}

static bool take_no_mouse(struct flag_parse *p, const char *shown, const char *value)
{
        (void)shown;
        p->views.no_mouse = *value == 't';
        return true;
}

static bool take_json(struct flag_parse *p, const char *shown, const char *value)
{
        (void)shown;
        p->views.json = *value == 't';
        return true;
}

static bool take_trace(struct flag_parse *p, const char *shown, const char *value)
{
        (void)shown;
        p->trace = *value == 't';
        return true;
}

#define V FLAG_VALUE
#define B FLAG_BOOL
static const char limits[] = "vitrine sets no limits on processors, memory or devices";
static const char networks[] = "vitrine sets up no networks: a container has lo alone";
static const char volumes[] = "vitrine never gives the machine's files to a container for writing";
static const char health[] = "vitrine runs no health checks";
static const char away[] = "leave it away: the container is the same without";
static const char nothing_kept[] = "a container of vitrine ends with vitrine; nothing of it is kept";

/* Sorted by name; a test holds it against the list of docker's own flags. */
const struct flag run_flags[] = {
        { "add-host", 0, V, NULL, NULL, networks, away },
        { "attach", 'a', V, NULL, NULL, "vitrine run always shows standard output and error",
          "-i for standard input" },
        { "blkio-weight", 0, V, NULL, NULL, limits, away },
        { "blkio-weight-device", 0, V, NULL, NULL, limits, away },
        { "cap-add", 0, V, take_cap_add, "NAME", "add a capability (ALL: every one)", NULL },
        { "cap-drop", 0, V, take_cap_drop, "NAME", "drop a capability (ALL: every one)", NULL },
        { "cgroup-parent", 0, V, NULL, NULL, limits, away },
        { "cgroupns", 0, V, take_cgroupns, "host|private", "the cgroup namespace", NULL },
        { "cidfile", 0, V, NULL, NULL, "vitrine writes nothing to disk", "inside, the host name is the id" },
        { "cpu-period", 0, V, NULL, NULL, limits, away },
        { "cpu-quota", 0, V, NULL, NULL, limits, away },
        { "cpu-rt-period", 0, V, NULL, NULL, limits, away },
        { "cpu-rt-runtime", 0, V, NULL, NULL, limits, away },
        { "cpu-shares", 'c', V, NULL, NULL, limits, away },
        { "cpus", 0, V, NULL, NULL, limits, away },
        { "cpuset-cpus", 0, V, NULL, NULL, limits, away },
        { "cpuset-mems", 0, V, NULL, NULL, limits, away },
        { "detach", 'd', B, NULL, NULL, nothing_kept, "without -d; or `vitrine` for a view that stays open" },
        { "detach-keys", 0, V, NULL, NULL, nothing_kept, away },
        { "device", 0, V, NULL, NULL, "vitrine gives no devices of the machine to a container", away },
        { "device-cgroup-rule", 0, V, NULL, NULL, limits, away },
        { "device-read-bps", 0, V, NULL, NULL, limits, away },
        { "device-read-iops", 0, V, NULL, NULL, limits, away },
        { "device-write-bps", 0, V, NULL, NULL, limits, away },
        { "device-write-iops", 0, V, NULL, NULL, limits, away },
        { "disable-content-trust", 0, B, NULL, NULL, "vitrine never downloads", away },
        { "dns", 0, V, NULL, NULL, networks, away },
        { "dns-option", 0, V, NULL, NULL, networks, away },
        { "dns-search", 0, V, NULL, NULL, networks, away },
        { "domainname", 0, V, NULL, NULL, "vitrine sets no NIS domain", "-h for the host name" },
        { "entrypoint", 0, V, take_entrypoint, "WORD", "what runs in place of the image's entry point",
          NULL },
        { "env", 'e', V, take_env, "NAME[=VALUE]", "a variable of the environment", NULL },
        { "env-file", 0, V, NULL, NULL, "vitrine reads no files of variables", "-e NAME=VALUE for each" },
        { "expose", 0, V, NULL, NULL, networks, away },
        { "gpus", 0, V, NULL, NULL, "vitrine gives no devices of the machine to a container", away },
        { "group-add", 0, V, take_group_add, "GROUP", "one more group", NULL },
        { "health-cmd", 0, V, NULL, NULL, health, away },
        { "health-interval", 0, V, NULL, NULL, health, away },
        { "health-retries", 0, V, NULL, NULL, health, away },
        { "health-start-period", 0, V, NULL, NULL, health, away },
        { "health-timeout", 0, V, NULL, NULL, health, away },
        { "help", 0, B, take_help, NULL, "this help", NULL },
        { "hostname", 'h', V, take_hostname, "NAME", "the container's host name", NULL },
        { "init", 0, B, NULL, NULL, "the command itself is PID 1, so that the screen shows it alone", away },
        { "interactive", 'i', B, take_interactive, NULL, "keep standard input open", NULL },
        { "ip", 0, V, NULL, NULL, networks, away },
        { "ip6", 0, V, NULL, NULL, networks, away },
        { "ipc", 0, V, take_ipc, "host|private", "the IPC namespace", NULL },
        { "isolation", 0, V, NULL, NULL, "that is for Windows", away },
        { "kernel-memory", 0, V, NULL, NULL, limits, away },
        { "label", 'l', V, NULL, NULL, nothing_kept, away },
        { "label-file", 0, V, NULL, NULL, nothing_kept, away },
        { "link", 0, V, NULL, NULL, networks, away },
        { "link-local-ip", 0, V, NULL, NULL, networks, away },
        { "log-driver", 0, V, NULL, NULL, "vitrine keeps no logs", away },
        { "log-opt", 0, V, NULL, NULL, "vitrine keeps no logs", away },
        { "mac-address", 0, V, NULL, NULL, networks, away },
        { "memory", 'm', V, NULL, NULL, limits, away },
        { "memory-reservation", 0, V, NULL, NULL, limits, away },
        { "memory-swap", 0, V, NULL, NULL, limits, away },
        { "memory-swappiness", 0, V, NULL, NULL, limits, away },
        { "mount", 0, V, NULL, NULL, volumes, "a prepared folder as the image: dir:PATH" },
        { "name", 0, V, take_name, "NAME", "the container's name", NULL },
        { "network", 0, V, take_network, "none|host", "the network namespace (an own one holds lo alone)",
          NULL },
        { "network-alias", 0, V, NULL, NULL, networks, away },
        { "no-healthcheck", 0, B, NULL, NULL, health, away },
        { "oom-kill-disable", 0, B, NULL, NULL, limits, away },
        { "oom-score-adj", 0, V, NULL, NULL, limits, away },
        { "pid", 0, V, take_pid, "host", "share the machine's PID namespace", NULL },
        { "pids-limit", 0, V, NULL, NULL, limits, away },
        { "platform", 0, V, NULL, NULL, "vitrine runs what this machine runs", away },
        { "privileged", 0, B, take_privileged, NULL, "every capability, nothing masked, no filter", NULL },
        { "publish", 'p', V, NULL, NULL, networks, "--network host shares the machine's ports" },
        { "publish-all", 'P', B, NULL, NULL, networks, "--network host shares the machine's ports" },
        { "pull", 0, V, NULL, NULL, "vitrine never downloads", away },
        { "read-only", 0, B, take_read_only, NULL, "the root file system cannot be written", NULL },
        { "restart", 0, V, NULL, NULL, nothing_kept, away },
        { "rm", 0, B, take_rm, NULL, "nothing is kept anyway: without effect", NULL },
        { "runtime", 0, V, NULL, NULL, "vitrine is its own runtime", away },
        { "security-opt", 0, V, take_security, "OPTION",
          "no-new-privileges, seccomp=unconfined, seccomp=FILE", NULL },
        { "shm-size", 0, V, NULL, NULL, limits, away },
        { "sig-proxy", 0, B, take_sig_proxy, NULL, "signals are forwarded: always so", NULL },
        { "stop-signal", 0, V, NULL, NULL, "vitrine ends a container at once", away },
        { "stop-timeout", 0, V, NULL, NULL, "vitrine ends a container at once", away },
        { "storage-opt", 0, V, NULL, NULL, limits, away },
        { "sysctl", 0, V, NULL, NULL, "vitrine sets no kernel parameters for you", away },
        { "tmpfs", 0, V, NULL, NULL, "vitrine mounts nothing of your choice",
          "what is written is in memory already; with --read-only /dev/shm alone can be written" },
        { "tty", 't', B, take_tty, NULL, "a terminal for the command", NULL },
        { "ulimit", 0, V, NULL, NULL, limits, "`ulimit` in a shell inside" },
        { "user", 'u', V, take_user, "USER[:GROUP]", "who the command runs as: names or numbers", NULL },
        { "userns", 0, V, take_userns, "host|remap",
          "share the machine's users (as root the rule), or as root map them to others", NULL },
        { "uts", 0, V, take_uts, "host", "share the machine's host name", NULL },
        { "volume", 'v', V, NULL, NULL, volumes, "a prepared folder as the image: dir:PATH" },
        { "volume-driver", 0, V, NULL, NULL, volumes, away },
        { "volumes-from", 0, V, NULL, NULL, volumes, away },
        { "workdir", 'w', V, take_workdir, "PATH", "the working directory", NULL },
};
const unsigned run_flags_n = sizeof(run_flags) / sizeof(run_flags[0]);

const struct flag view_flags_table[] = {
        { "ascii", 0, B, take_ascii, NULL, "marks and lines in ASCII", NULL },
        { "big", 0, B, take_big, NULL, "for a projector: bold, fewer columns", NULL },
        { "engine", 0, V, take_engine, "docker|podman", "whose rules the line follows", NULL },
        { "host", 0, V, take_host, "full|names|line", "how much of the machine's processes is shown", NULL },
        { "json", 0, B, take_json, NULL, "print JSON, where data is printed", NULL },
        { "keys", 0, B, take_keys, NULL, "show the last key pressed", NULL },
        { "no-mouse", 0, B, take_no_mouse, NULL, "leave the mouse to the terminal", NULL },
        { "record", 0, V, take_record, "FILE.cast", "record what is shown (asciicast); with --host line",
          NULL },
        { "scheme", 0, V, take_scheme, "NAME", "the colours: default, light, high-contrast, mono, okabe-ito",
          NULL },
};
const unsigned view_flags_n = sizeof(view_flags_table) / sizeof(view_flags_table[0]);
const struct flag trace_flag = { "trace-caps",
                                 0,
                                 B,
                                 take_trace,
                                 NULL,
                                 "as root: print at the end which capabilities were asked for, what the "
                                 "kernel said, and the smallest list",
                                 NULL };
#undef V
#undef B
