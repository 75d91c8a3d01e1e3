/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "spec/equivalent.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <jv.h>

#include "base/own.h"
#include "base/text.h"
#include "spec/users.h"

/* Docker's rules made plain: nothing both added and dropped, which runtimes read differently. */
static struct cap_request plain_caps(const struct spec *spec)
{
        struct cap_request caps = equivalent_caps(spec, ENGINE_DOCKER, 0); /* the same for every user */

        if (caps.add_all) {
                caps.add = 0;
                caps.drop_all = false;
        } else {
                caps.drop &= ~caps.add;
        }
        return caps;
}

/* Whether the reader takes a $ for the beginning of a variable: it then reads $$ as one $. In compose's file
 * that is so everywhere; of a pod's values only in command, args and the values of env. */
enum dollar { DOLLAR_PLAIN, DOLLAR_DOUBLED };

/* What may stand between JSON's quotes and not in YAML's file (C1, U+FFFE, U+FFFF), or ends a line there
 * (U+2028), or would be escaped again where the text is shown, is written as its number. */
static void add_printable(struct str *out, const char *s)
{
        size_t n = strlen(s), len;

        for (size_t i = 0; i < n; i += len) {
                uint32_t c = 0;

                len = text_decode(s + i, n - i, &c);
                if (len && text_char_width(c) >= 0)
                        str_add_n(out, s + i, len);
                else
                        str_add_f(out, c > 0xffff ? "\\U%08x" : "\\u%04x", c);
                len = len ? len : 1;
        }
}

/* A text in JSON's quotes, which YAML reads as they are. */
static void add_text(struct str *out, const char *s, enum dollar dollar)
{
        struct str escaped = { 0 };
        jv dumped;

        for (; *s; s++) {
                if (*s == '$' && dollar == DOLLAR_DOUBLED)
                        str_add_c(&escaped, '$');
                str_add_c(&escaped, *s);
        }
        dumped = jv_dump_string(jv_string(str_text(&escaped)), 0);
        add_printable(out, jv_string_value(dumped));
        jv_free(dumped);
        str_finish(&escaped);
}

static void add_key(struct str *out, const char *key, const char *value, enum dollar dollar)
{
        if (!*value)
                return;
        str_add(out, key);
        add_text(out, value, dollar);
        str_add_c(out, '\n');
}

static void add_words(struct str *out, const char *key, const struct strv *words, enum dollar dollar)
{
        if (!words->n)
                return;
        str_add_f(out, "%s[", key);
        for (size_t i = 0; i < words->n; i++) {
                str_add(out, i ? ", " : "");
                add_text(out, words->v[i], dollar);
        }
        str_add(out, "]\n");
}

static void add_caps(struct str *out, const char *key, bool all, uint64_t mask)
{
        const char *comma = "";

        if (!all && !mask)
                return;
        str_add_f(out, "%s[", key);
        if (all) {
                str_add(out, "ALL");
                comma = ", ";
        }
        for (unsigned bit = 0; bit < CAPS_N; bit++) {
                if (!(mask & caps_bit(bit)))
                        continue;
                str_add_f(out, "%s%s", comma, caps_info(bit)->name);
                comma = ", ";
        }
        str_add(out, "]\n");
}

static bool is_number(const char *s)
{
        size_t n = strspn(s, "0123456789");

        return n && n < 11 && !s[n];
}

/* user or group by number; a name, which Kubernetes does not take, as a comment. */
static void add_id(struct str *out, const char *key, const char *word)
{
        own_free char *quoted = NULL;
        struct str text = { 0 };

        if (!*word)
                return;
        if (is_number(word)) {
                str_add_f(out, "        %s: %lu\n", key, strtoul(word, NULL, 10));
                return;
        }
        if (strcmp(word, "root") == 0) {
                str_add_f(out, "        %s: 0\n", key);
                return;
        }
        add_text(&text, word, DOLLAR_PLAIN);
        quoted = str_take(&text);
        str_add_f(out, "        # %s: the number of %s in the image; Kubernetes takes no names\n", key,
                  quoted);
}

static void add_pod_user(struct str *out, const struct spec *spec)
{
        own_free char *user = xstrndup(spec->user, strcspn(spec->user, ":"));
        const char *colon = strchr(spec->user, ':');
        own_free char *group = xstrndup(colon ? colon + 1 : "", colon ? strcspn(colon + 1, ":") : 0);

        add_id(out, "runAsUser", !*user && *group ? "0" : user);
        add_id(out, "runAsGroup", group);
}

static void add_pod_filter(struct str *out, const struct spec *spec)
{
        if (spec->caps.privileged)
                return;
        str_add(out, "        seccompProfile:\n");
        if (!*spec->seccomp) {
                str_add(out, "          type: RuntimeDefault\n");
        } else if (strcmp(spec->seccomp, "unconfined") == 0) {
                str_add(out, "          type: Unconfined\n");
        } else {
                str_add(out, "          type: Localhost\n");
                add_key(out, "          localhostProfile: ", spec->seccomp, DOLLAR_PLAIN);
        }
}

static void add_pod_security(struct str *out, const struct spec *spec)
{
        struct cap_request caps = plain_caps(spec);

        str_add(out, "      securityContext:\n");
        add_pod_user(out, spec);
        if (caps.privileged)
                str_add(out, "        privileged: true\n");
        /* Refused too beside a capability that is spelled CAP_SYS_ADMIN; here it is SYS_ADMIN. */
        if (spec->no_new_privileges)
                str_add(out, caps.privileged ? "        # allowPrivilegeEscalation: false is refused beside "
                                               "privileged: true\n"
                                             : "        allowPrivilegeEscalation: false\n");
        if (spec->read_only)
                str_add(out, "        readOnlyRootFilesystem: true\n");
        if (!caps.privileged && (caps.add_all || caps.add || caps.drop_all || caps.drop)) {
                str_add(out, "        capabilities:\n");
                add_caps(out, "          add: ", caps.add_all, caps.add);
                add_caps(out, "          drop: ", caps.drop_all, caps.drop);
        }
        add_pod_filter(out, spec);
}

static void add_pod_env(struct str *out, const struct spec *spec)
{
        if (spec->env.n)
                str_add(out, "      env:\n");
        for (size_t i = 0; i < spec->env.n; i++) {
                const char *entry = spec->env.v[i];
                size_t n = strcspn(entry, "=");
                own_free char *name = xstrndup(entry, n);

                add_key(out, "        - name: ", name, DOLLAR_PLAIN);
                if (entry[n])
                        str_add(out, "          value: ");
                else
                        str_add(out, "          # the caller's value");
                if (entry[n])
                        add_text(out, entry + n + 1, DOLLAR_DOUBLED);
                str_add_c(out, '\n');
        }
}

static void add_pod_container(struct str *out, const struct spec *spec)
{
        struct strv entrypoint = { 0 };
        bool reset = spec->has_entrypoint && !*spec->entrypoint;

        str_add(out, "  containers:\n    - name: main\n");
        str_add(out, "      image: ");
        add_text(out, spec->image, DOLLAR_PLAIN);
        str_add_c(out, '\n');
        if (*spec->entrypoint)
                strv_add(&entrypoint, spec->entrypoint);
        /* A pod's command takes the image's entry point away, its args the image's command. */
        add_words(out, "      command: ", reset ? &spec->args : &entrypoint, DOLLAR_DOUBLED);
        if (!reset)
                add_words(out, "      args: ", &spec->args, DOLLAR_DOUBLED);
        strv_finish(&entrypoint);
        add_key(out, "      workingDir: ", spec->workdir, DOLLAR_PLAIN);
        add_pod_env(out, spec);
        if (spec->interactive)
                str_add(out, "      stdin: true\n");
        if (spec->tty)
                str_add(out, "      tty: true\n");
        add_pod_security(out, spec);
}

/* The pod's own security context: supplementary groups. */
static void add_pod_groups(struct str *out, const struct spec *spec)
{
        struct str numbers = { 0 };
        bool named = false;

        for (size_t i = 0; i < spec->group_add.n; i++) {
                if (is_number(spec->group_add.v[i]))
                        str_add_f(&numbers, "%s%lu", numbers.len ? ", " : "",
                                  strtoul(spec->group_add.v[i], NULL, 10));
                else
                        named = true;
        }
        if (numbers.len)
                str_add_f(out, "  securityContext:\n    supplementalGroups: [%s]\n", numbers.s);
        if (named)
                str_add(out,
                        "  # supplementalGroups takes numbers alone: a group given by name is missing\n");
        str_finish(&numbers);
}

/* A pod's name is lower case letters, digits and hyphens. */
static void add_pod_name(struct str *out, const char *name)
{
        struct str valid = { 0 };

        for (; *name && valid.len < 60; name++)
                str_add_c(&valid, isalnum((unsigned char)*name) ? (char)tolower((unsigned char)*name) : '-');
        while (valid.len && valid.s[valid.len - 1] == '-')
                valid.s[--valid.len] = '\0';
        str_add_f(out, "apiVersion: v1\nkind: Pod\nmetadata:\n  name: \"%s\"\nspec:\n",
                  valid.len ? valid.s : "vitrine");
        str_finish(&valid);
}

static void add_pod_userns(struct str *out, const struct spec *spec)
{
        const bool shares = spec->pid == NS_HOST || spec->network == NS_HOST || spec->ipc == NS_HOST;

        if (spec->userns == NS_REMAP)
                str_add(out, shares ? "  # hostUsers: false, a user namespace, is refused beside hostPID, "
                                      "hostNetwork and hostIPC\n"
                                    : "  hostUsers: false\n");
}

static void add_pod_namespaces(struct str *out, const struct spec *spec)
{
        if (spec->pid == NS_HOST)
                str_add(out, "  hostPID: true\n");
        if (spec->network == NS_HOST)
                str_add(out, "  hostNetwork: true\n");
        if (spec->network == NS_NONE)
                str_add(out, "  # a pod has the cluster's network: none cannot be asked for\n");
        if (spec->ipc == NS_HOST)
                str_add(out, "  hostIPC: true\n");
        if (spec->uts == NS_HOST && spec->network != NS_HOST)
                str_add(out, "  # a pod shares the machine's host name only with hostNetwork\n");
        if (spec->cgroupns == NS_HOST)
                str_add(out, "  # a pod cannot ask for the machine's cgroup namespace\n");
        add_pod_userns(out, spec);
}

char *equivalent_kubernetes(const struct spec *spec)
{
        struct str out = { 0 };

        add_pod_name(&out, spec->name);
        /* Without it a pod's command is started again for ever; docker run starts it once. */
        str_add(&out, "  restartPolicy: Never\n");
        add_pod_namespaces(&out, spec);
        add_key(&out, "  hostname: ", spec->hostname, DOLLAR_PLAIN);
        add_pod_groups(&out, spec);
        add_pod_container(&out, spec);
        return str_take(&out);
}

static void add_service_ns(struct str *out, const char *key, enum ns_choice choice)
{
        if (choice == NS_HOST || choice == NS_NONE)
                str_add_f(out, "    %s: \"%s\"\n", key, choice == NS_HOST ? "host" : "none");
}

static void add_service_security(struct str *out, const struct spec *spec)
{
        struct cap_request caps = plain_caps(spec);

        add_key(out, "    user: ", spec->user, DOLLAR_DOUBLED);
        add_words(out, "    group_add: ", &spec->group_add, DOLLAR_DOUBLED);
        add_caps(out, "    cap_add: ", caps.add_all, caps.add);
        add_caps(out, "    cap_drop: ", caps.drop_all, caps.drop);
        if (caps.privileged)
                str_add(out, "    privileged: true\n");
        if (spec->no_new_privileges || *spec->seccomp)
                str_add(out, "    security_opt:\n");
        if (spec->no_new_privileges)
                str_add(out, "      - \"no-new-privileges:true\"\n");
        if (*spec->seccomp) {
                own_free char *option = xasprintf("seccomp:%s", spec->seccomp);

                add_key(out, "      - ", option, DOLLAR_DOUBLED);
        }
}

char *equivalent_compose(const struct spec *spec)
{
        struct str out = { 0 };

        str_add(&out, "services:\n  main:\n    image: ");
        add_text(&out, spec->image, DOLLAR_DOUBLED);
        str_add_c(&out, '\n');
        add_service_security(&out, spec);
        add_service_ns(&out, "pid", spec->pid);
        add_service_ns(&out, "network_mode", spec->network);
        add_service_ns(&out, "uts", spec->uts);
        add_service_ns(&out, "ipc", spec->ipc);
        add_service_ns(&out, "cgroup", spec->cgroupns);
        add_service_ns(&out, "userns_mode", spec->userns);
        if (spec->userns == NS_REMAP)
                str_add(&out, "    # a service cannot ask for a user namespace: that is the daemon's "
                              "userns-remap\n");
        add_key(&out, "    hostname: ", spec->hostname, DOLLAR_DOUBLED);
        add_key(&out, "    container_name: ", spec->name, DOLLAR_DOUBLED);
        if (spec->read_only)
                str_add(&out, "    read_only: true\n");
        add_words(&out, "    environment: ", &spec->env, DOLLAR_DOUBLED);
        add_key(&out, "    working_dir: ", spec->workdir, DOLLAR_DOUBLED);
        if (spec->has_entrypoint && !*spec->entrypoint)
                str_add(&out, "    entrypoint: []\n");
        if (*spec->entrypoint) {
                str_add(&out, "    entrypoint: [");
                add_text(&out, spec->entrypoint, DOLLAR_DOUBLED);
                str_add(&out, "]\n");
        }
        if (spec->interactive)
                str_add(&out, "    stdin_open: true\n");
        if (spec->tty)
                str_add(&out, "    tty: true\n");
        add_words(&out, "    command: ", &spec->args, DOLLAR_DOUBLED);
        return str_take(&out);
}
