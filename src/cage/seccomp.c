/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/seccomp.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>

#include <jv.h>
#include <seccomp.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "caps/caps.h"

struct builder {
        const char *path;
        scmp_filter_ctx ctx;
        uint32_t default_action;
        uint64_t bounding;
        struct fault *fault;
};

static const struct {
        const char *oci; /* SCMP_ARCH_… of the specification */
        const char *go;  /* as includes.arches names it */
        uint32_t token;
} arches[] = {
        { "SCMP_ARCH_X86_64", "amd64", SCMP_ARCH_X86_64 },
        { "SCMP_ARCH_X86", "x86", SCMP_ARCH_X86 },
        { "SCMP_ARCH_X32", "x32", SCMP_ARCH_X32 },
        { "SCMP_ARCH_AARCH64", "arm64", SCMP_ARCH_AARCH64 },
        { "SCMP_ARCH_ARM", "arm", SCMP_ARCH_ARM },
        { "SCMP_ARCH_PPC64LE", "ppc64le", SCMP_ARCH_PPC64LE },
        { "SCMP_ARCH_S390X", "s390x", SCMP_ARCH_S390X },
        { "SCMP_ARCH_S390", "s390", SCMP_ARCH_S390 },
        { "SCMP_ARCH_RISCV64", "riscv64", SCMP_ARCH_RISCV64 },
};

enum { N_ARCHES = sizeof(arches) / sizeof(arches[0]) };

/* A member as text, "" when it is none; the result lives as long as the object that is passed on. */
static const char *text_of(jv value)
{
        const char *s = jv_get_kind(value) == JV_KIND_STRING ? jv_string_value(value) : "";

        jv_free(value); /* the object that holds it keeps the text alive */
        return s;
}

static jv member(jv object, const char *name)
{
        return jv_get_kind(object) == JV_KIND_OBJECT ? jv_object_get(jv_copy(object), jv_string(name))
                                                     : jv_invalid();
}

static jv list_member(jv object, const char *name)
{
        jv list = member(object, name);

        if (jv_get_kind(list) == JV_KIND_ARRAY)
                return list;
        jv_free(list);
        return jv_array();
}

static double number_member(jv object, const char *name, double otherwise)
{
        jv value = member(object, name);
        double n = jv_get_kind(value) == JV_KIND_NUMBER ? jv_number_value(value) : otherwise;

        jv_free(value);
        return n;
}

static bool refuse(struct builder *b, const char *why, const char *what)
{
        char step[128];

        snprintf(step, sizeof(step), "read the seccomp profile %s", b->path);
        return fault_why(b->fault, step, "%s%s%s", why, *what ? ": " : "", what);
}

static bool action_of(struct builder *b, const char *name, double errno_ret, uint32_t *ret)
{
        static const struct {
                const char *name;
                uint32_t action;
        } names[] = {
                { "SCMP_ACT_ALLOW", SCMP_ACT_ALLOW },
                { "SCMP_ACT_KILL", SCMP_ACT_KILL_THREAD },
                { "SCMP_ACT_KILL_THREAD", SCMP_ACT_KILL_THREAD },
                { "SCMP_ACT_KILL_PROCESS", SCMP_ACT_KILL_PROCESS },
                { "SCMP_ACT_TRAP", SCMP_ACT_TRAP },
                { "SCMP_ACT_LOG", SCMP_ACT_LOG },
        };

        if (strcmp(name, "SCMP_ACT_ERRNO") == 0) {
                if (!(errno_ret >= 0 && errno_ret <= UINT16_MAX))
                        return refuse(b, "errnoRet is no error number", "");
                *ret = SCMP_ACT_ERRNO((uint32_t)errno_ret);
                return true;
        }
        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
                if (strcmp(names[i].name, name) != 0)
                        continue;
                *ret = names[i].action;
                return true;
        }
        return refuse(b, "unknown action", name);
}

static bool compare_of(struct builder *b, const char *name, enum scmp_compare *ret)
{
        static const char *const names[] = {
                [SCMP_CMP_NE] = "SCMP_CMP_NE",
                [SCMP_CMP_LT] = "SCMP_CMP_LT",
                [SCMP_CMP_LE] = "SCMP_CMP_LE",
                [SCMP_CMP_EQ] = "SCMP_CMP_EQ",
                [SCMP_CMP_GE] = "SCMP_CMP_GE",
                [SCMP_CMP_GT] = "SCMP_CMP_GT",
                [SCMP_CMP_MASKED_EQ] = "SCMP_CMP_MASKED_EQ",
        };

        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
                if (!names[i] || strcmp(names[i], name) != 0)
                        continue;
                *ret = (enum scmp_compare)i;
                return true;
        }
        return refuse(b, "unknown comparison", name);
}

static bool has_cap(struct builder *b, const char *name)
{
        int bit = caps_find(name);

        return bit >= 0 && (b->bounding & caps_bit((unsigned)bit));
}

static bool is_native(const char *go_name)
{
        for (size_t i = 0; i < N_ARCHES; i++)
                if (strcmp(arches[i].go, go_name) == 0)
                        return arches[i].token == seccomp_arch_native();
        return false;
}

static bool kernel_at_least(const char *version)
{
        unsigned want_major = 0, want_minor = 0, major = 0, minor = 0;
        struct utsname uts;

        if (sscanf(version, "%9u.%9u", &want_major, &want_minor) < 1 || uname(&uts) < 0 ||
            sscanf(uts.release, "%9u.%9u", &major, &minor) < 2)
                return true;
        return major != want_major ? major > want_major : minor >= want_minor;
}

/* How many of the list's names hold, by caps or by architecture. */
static int count_holding(struct builder *b, jv filter, const char *key, bool caps, int *ret_n)
{
        jv list = list_member(filter, key);
        int n = jv_array_length(jv_copy(list)), holding = 0;

        for (int i = 0; i < n; i++) {
                const char *name = text_of(jv_array_get(jv_copy(list), i));

                holding += caps ? has_cap(b, name) : is_native(name);
        }
        jv_free(list);
        *ret_n = n;
        return holding;
}

/* includes: every capability and one of the architectures; excludes: none of them (moby's rule). */
static bool rule_applies(struct builder *b, jv rule)
{
        jv includes = member(rule, "includes"), excludes = member(rule, "excludes");
        jv kernel = member(includes, "minKernel");
        int n, holding;
        bool applies = true;

        holding = count_holding(b, includes, "caps", true, &n);
        applies = applies && holding == n;
        holding = count_holding(b, includes, "arches", false, &n);
        applies = applies && (n == 0 || holding > 0);
        applies = applies && count_holding(b, excludes, "caps", true, &n) == 0;
        applies = applies && count_holding(b, excludes, "arches", false, &n) == 0;
        if (jv_get_kind(kernel) == JV_KIND_STRING)
                applies = applies && kernel_at_least(jv_string_value(kernel));
        jv_free(kernel);
        jv_free(includes);
        jv_free(excludes);
        return applies;
}

enum { MAX_ARGS = 6 };

static bool is_64_bits(double n)
{
        return n >= 0 && n < 18446744073709551616.0;
}

static bool read_args(struct builder *b, jv rule, struct scmp_arg_cmp *args, unsigned *ret_n)
{
        jv list = list_member(rule, "args");
        int n = jv_array_length(jv_copy(list));
        bool ok = n <= MAX_ARGS || refuse(b, "more than six conditions on one call", "");

        for (int i = 0; ok && i < n; i++) {
                jv arg = jv_array_get(jv_copy(list), i);
                double index = number_member(arg, "index", 0);
                double value = number_member(arg, "value", 0), value_two = number_member(arg, "valueTwo", 0);
                enum scmp_compare op = SCMP_CMP_EQ;

                ok = index >= 0 && index < 6 ? compare_of(b, text_of(member(arg, "op")), &op)
                                             : refuse(b, "an argument's index is not 0 to 5", "");
                if (ok && !(is_64_bits(value) && is_64_bits(value_two)))
                        ok = refuse(b, "a condition's value is no number of 64 bits", "");
                /* value is the mask and valueTwo what it is compared with, for MASKED_EQ alone */
                if (ok)
                        args[i] = (struct scmp_arg_cmp){ .arg = (unsigned)index,
                                                         .op = op,
                                                         .datum_a = (uint64_t)value,
                                                         .datum_b = (uint64_t)value_two };
                jv_free(arg);
        }
        *ret_n = ok ? (unsigned)n : 0;
        jv_free(list);
        return ok;
}

/* libseccomp takes one condition an argument in a rule: two on one argument become rules of their own. */
static int add_rule(struct builder *b, uint32_t action, int call, const struct scmp_arg_cmp *args, unsigned n)
{
        unsigned seen = 0;
        bool twice = false;
        int rc = 0;

        for (unsigned i = 0; i < n; i++) {
                twice = twice || (seen & (1u << args[i].arg));
                seen |= 1u << args[i].arg;
        }
        if (!twice)
                return seccomp_rule_add_array(b->ctx, action, call, n, args);
        for (unsigned i = 0; i < n && rc == 0; i++)
                rc = seccomp_rule_add_array(b->ctx, action, call, 1, &args[i]);
        return rc;
}

static bool add_calls(struct builder *b, jv rule, uint32_t action, const struct scmp_arg_cmp *args,
                      unsigned n_args)
{
        jv names = list_member(rule, "names");
        int n = jv_array_length(jv_copy(names));
        bool ok = true;

        for (int i = 0; ok && i < n; i++) {
                const char *name = text_of(jv_array_get(jv_copy(names), i));
                int call = seccomp_syscall_resolve_name(name);
                int rc;

                if (call == __NR_SCMP_ERROR)
                        continue;
                rc = add_rule(b, action, call, args, n_args);
                /* EEXIST: the same rule again; EDOM: a call that this architecture has not */
                if (rc < 0 && rc != -EEXIST && rc != -EDOM)
                        ok = refuse(b, strerror(-rc), name);
        }
        jv_free(names);
        return ok;
}

static bool add_entry(struct builder *b, jv rule, double default_errno)
{
        struct scmp_arg_cmp args[MAX_ARGS] = { 0 };
        unsigned n_args = 0;
        uint32_t action = 0;

        if (!rule_applies(b, rule))
                return true;
        if (!action_of(b, text_of(member(rule, "action")), number_member(rule, "errnoRet", default_errno),
                       &action))
                return false;
        if (action == b->default_action)
                return true;
        return read_args(b, rule, args, &n_args) && add_calls(b, rule, action, args, n_args);
}

/* The native architecture is there already; those that it can also run come after it. */
static bool add_arches(struct builder *b, jv profile)
{
        jv map = list_member(profile, "archMap");
        int n = jv_array_length(jv_copy(map));

        for (int i = 0; i < n; i++) {
                jv entry = jv_array_get(jv_copy(map), i), subs = list_member(entry, "subArchitectures");
                const char *name = text_of(member(entry, "architecture"));
                int n_subs = jv_array_length(jv_copy(subs));
                bool native = false;

                for (size_t a = 0; a < N_ARCHES; a++)
                        native = native || (strcmp(arches[a].oci, name) == 0 &&
                                            arches[a].token == seccomp_arch_native());
                for (int s = 0; native && s < n_subs; s++) {
                        const char *sub = text_of(jv_array_get(jv_copy(subs), s));

                        for (size_t a = 0; a < N_ARCHES; a++)
                                if (strcmp(arches[a].oci, sub) == 0)
                                        seccomp_arch_add(b->ctx, arches[a].token);
                }
                jv_free(subs);
                jv_free(entry);
        }
        jv_free(map);
        return true;
}

static bool export_filter(struct builder *b, unsigned char **ret, uint32_t *ret_n)
{
        own_fd int fd = memfd_create("filter", MFD_CLOEXEC);
        char *data;
        size_t size;
        int rc;

        if (fd < 0)
                return fault_errno(b->fault, "", "make the seccomp filter");
        rc = seccomp_export_bpf(b->ctx, fd);
        if (rc < 0) {
                errno = -rc;
                return fault_errno(b->fault, "", "make the seccomp filter");
        }
        if (lseek(fd, 0, SEEK_SET) < 0 || !io_read_all(fd, (size_t)8 * 65536, &data, &size))
                return fault_errno(b->fault, "", "make the seccomp filter");
        *ret = (unsigned char *)data;
        *ret_n = (uint32_t)(size / 8);
        return true;
}

static bool build(struct builder *b, jv profile, unsigned char **ret, uint32_t *ret_n)
{
        double default_errno = number_member(profile, "defaultErrnoRet", EPERM);
        jv calls = list_member(profile, "syscalls");
        int n = jv_array_length(jv_copy(calls));
        bool ok = action_of(b, text_of(member(profile, "defaultAction")), default_errno, &b->default_action);

        if (ok) {
                b->ctx = seccomp_init(b->default_action);
                ok = b->ctx ? add_arches(b, profile) : refuse(b, "the default action cannot be used", "");
        }
        for (int i = 0; ok && i < n; i++) {
                jv rule = jv_array_get(jv_copy(calls), i);

                ok = add_entry(b, rule, EPERM);
                jv_free(rule);
        }
        jv_free(calls);
        /* A binary tree instead of a list: a call late in the profile costs a dozen comparisons, not
         * hundreds. */
        if (ok)
                seccomp_attr_set(b->ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
        ok = ok && export_filter(b, ret, ret_n);
        seccomp_release(b->ctx);
        return ok;
}

bool seccomp_build(const char *path, const char *json, size_t size, uint64_t bounding, unsigned char **ret,
                   uint32_t *ret_n, struct fault *fault)
{
        struct builder b = { .path = path, .bounding = bounding, .fault = fault };
        jv profile = jv_parse_sized(json, (int)size);
        bool ok;

        if (jv_get_kind(profile) != JV_KIND_OBJECT) {
                jv_free(profile);
                return refuse(&b, "it is not a JSON object", "");
        }
        ok = build(&b, profile, ret, ret_n);
        jv_free(profile);
        return ok;
}

bool seccomp_profile_names(const char *json, const char *word)
{
        return strstr(json, word) != NULL;
}
