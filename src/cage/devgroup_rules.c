/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/devgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"

enum { ANY = -1 };

/* What Docker 20.10 with runc 1.1.5 allows; everything else is denied. A node of any device may be made (m),
 * but not opened. devices.list of a container of that runc says the same, 5:1 is Docker's own. */
static const struct rule {
        char type;
        int32_t major, minor;
        const char *access;
} rules[] = {
        { 'c', ANY, ANY, "m" },   { 'b', ANY, ANY, "m" }, { 'c', 1, 3, "rwm" }, /* null */
        { 'c', 1, 5, "rwm" },                                                   /* zero */
        { 'c', 1, 7, "rwm" },                                                   /* full */
        { 'c', 1, 8, "rwm" },                                                   /* random */
        { 'c', 1, 9, "rwm" },                                                   /* urandom */
        { 'c', 5, 0, "rwm" },                                                   /* tty */
        { 'c', 5, 1, "rwm" },                                                   /* console */
        { 'c', 5, 2, "rwm" },                                                   /* ptmx */
        { 'c', 10, 200, "rwm" },                                                /* net/tun */
        { 'c', 136, ANY, "rwm" },                                               /* pts/… */
};

enum { RULES_N = sizeof(rules) / sizeof(rules[0]), INSNS_MAX = 5 + 8 * RULES_N + 2 };

static bool write_file(int dir_fd, const char *name, const char *text)
{
        own_fd int fd = openat(dir_fd, name, O_WRONLY | O_CLOEXEC);

        return fd >= 0 && io_write_all(fd, text, strlen(text));
}

static void put_number(char *text, size_t size, int32_t number)
{
        if (number == ANY)
                snprintf(text, size, "*");
        else
                snprintf(text, size, "%d", number);
}

/* Documentation/admin-guide/cgroup-v1/devices.rst. What the cgroup above does not have cannot be given: EPERM
 * then, and one device less. */
static bool restrict_v1(int dir_fd)
{
        if (!write_file(dir_fd, "devices.deny", "a"))
                return false;
        for (size_t i = 0; i < RULES_N; i++) {
                char text[48], major[12], minor[12];

                put_number(major, sizeof(major), rules[i].major);
                put_number(minor, sizeof(minor), rules[i].minor);
                snprintf(text, sizeof(text), "%c %s:%s %s", rules[i].type, major, minor, rules[i].access);
                if (!write_file(dir_fd, "devices.allow", text) && errno != EPERM)
                        return false;
        }
        return true;
}

/* cgroup2 asks a program (bpf(2), BPF_PROG_TYPE_CGROUP_DEVICE) at each mknod and open: 1 is yes. */
struct program {
        struct bpf_insn insns[INSNS_MAX];
        size_t n;
};

enum { RESULT = BPF_REG_0, CONTEXT, TYPE, ACCESS, MAJOR, MINOR };

static void add(struct program *program, uint8_t code, uint8_t to, uint8_t from, size_t offset, int32_t value)
{
        program->insns[program->n++] = (struct bpf_insn){
                .code = code, .dst_reg = to & 15, .src_reg = from & 15, .off = (int16_t)offset, .imm = value
        };
}

/* Where it is not equal the next rule is tried; how far that is is known later. */
static void unless_equal(struct program *program, uint8_t reg, int32_t value)
{
        add(program, BPF_JMP | BPF_JNE | BPF_K, reg, 0, 0, value);
}

static void add_return(struct program *program, int32_t value)
{
        add(program, BPF_ALU64 | BPF_MOV | BPF_K, RESULT, 0, 0, value);
        add(program, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

static int32_t denied_access(const struct rule *rule)
{
        return (strchr(rule->access, 'm') ? 0 : BPF_DEVCG_ACC_MKNOD) |
               (strchr(rule->access, 'r') ? 0 : BPF_DEVCG_ACC_READ) |
               (strchr(rule->access, 'w') ? 0 : BPF_DEVCG_ACC_WRITE);
}

static void add_rule(struct program *program, const struct rule *rule)
{
        size_t first = program->n;

        unless_equal(program, TYPE, rule->type == 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR);
        if (rule->major != ANY)
                unless_equal(program, MAJOR, rule->major);
        if (rule->minor != ANY)
                unless_equal(program, MINOR, rule->minor);
        if (denied_access(rule)) {
                add(program, BPF_ALU64 | BPF_MOV | BPF_X, RESULT, ACCESS, 0, 0);
                add(program, BPF_ALU64 | BPF_AND | BPF_K, RESULT, 0, 0, denied_access(rule));
                unless_equal(program, RESULT, 0);
        }
        add_return(program, 1);
        for (size_t i = first; i < program->n; i++)
                if (program->insns[i].code == (BPF_JMP | BPF_JNE | BPF_K))
                        program->insns[i].off = (int16_t)(program->n - i - 1);
}

static void make_program(struct program *program)
{
        add(program, BPF_LDX | BPF_MEM | BPF_W, TYPE, CONTEXT,
            offsetof(struct bpf_cgroup_dev_ctx, access_type), 0);
        add(program, BPF_ALU64 | BPF_MOV | BPF_X, ACCESS, TYPE, 0, 0);
        add(program, BPF_ALU64 | BPF_AND | BPF_K, TYPE, 0, 0, 0xffff);
        add(program, BPF_ALU64 | BPF_RSH | BPF_K, ACCESS, 0, 0, 16);
        add(program, BPF_LDX | BPF_MEM | BPF_W, MAJOR, CONTEXT, offsetof(struct bpf_cgroup_dev_ctx, major),
            0);
        add(program, BPF_LDX | BPF_MEM | BPF_W, MINOR, CONTEXT, offsetof(struct bpf_cgroup_dev_ctx, minor),
            0);
        for (size_t i = 0; i < RULES_N; i++)
                add_rule(program, &rules[i]);
        add_return(program, 0);
}

static int load_program(const struct program *program)
{
        union bpf_attr attr = { .prog_type = BPF_PROG_TYPE_CGROUP_DEVICE };

        attr.insns = (uint64_t)(uintptr_t)program->insns;
        attr.insn_cnt = (uint32_t)program->n;
        attr.license = (uint64_t)(uintptr_t) "MIT";
        return (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
}

/* Before 5.11 the kernel counts programs against RLIMIT_MEMLOCK, which is root's for all of root's programs
 * together. The container gets the limit as it was. */
static int load_unlimited(const struct program *program)
{
        struct rlimit was, none = { RLIM_INFINITY, RLIM_INFINITY };
        int fd, err;

        if (getrlimit(RLIMIT_MEMLOCK, &was) < 0 || setrlimit(RLIMIT_MEMLOCK, &none) < 0) {
                errno = EPERM;
                return -1;
        }
        fd = load_program(program);
        err = errno;
        setrlimit(RLIMIT_MEMLOCK, &was);
        errno = err;
        return fd;
}

static bool restrict_v2(int dir_fd)
{
        struct program program = { 0 };
        own_fd int fd = -1;
        union bpf_attr attr = { 0 };

        make_program(&program);
        fd = load_program(&program);
        if (fd < 0 && errno == EPERM)
                fd = load_unlimited(&program);
        if (fd < 0)
                return false;
        /* Those of the cgroups above are asked as well. It goes with its cgroup. */
        attr.target_fd = (uint32_t)dir_fd;
        attr.attach_bpf_fd = (uint32_t)fd;
        attr.attach_type = BPF_CGROUP_DEVICE;
        attr.attach_flags = BPF_F_ALLOW_MULTI;
        return syscall(SYS_bpf, BPF_PROG_ATTACH, &attr, sizeof(attr)) == 0;
}

bool devgroup_restrict(enum devgroup_kind kind, int dir_fd)
{
        return kind == DEVGROUP_V1 ? restrict_v1(dir_fd) : restrict_v2(dir_fd);
}
