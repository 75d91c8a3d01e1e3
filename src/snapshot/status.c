/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "snapshot/table.h"

#include <string.h>

#include "snapshot/number.h"

/* One line's value, from after "Name:" and blanks to before the newline. */
struct value {
        const char *at, *end;
};

typedef bool parse_value(struct value *value, struct status *ret);

static bool parse_name(struct value *value, struct status *ret)
{
        size_t n = 0;

        for (const char *at = value->at; at < value->end && n + 1 < sizeof(ret->comm); at++) {
                char c = *at;

                /* The kernel writes a newline as \n and a backslash as \\, everything else as it is. */
                if (c == '\\' && at + 1 < value->end && (at[1] == 'n' || at[1] == '\\'))
                        c = *++at == 'n' ? '\n' : '\\';
                ret->comm[n++] = c;
        }
        ret->comm[n] = '\0';
        return true;
}

static bool parse_state(struct value *value, struct status *ret)
{
        if (value->at == value->end)
                return false;
        ret->state = *value->at;
        return true;
}

static bool parse_pid(struct value *value, struct status *ret)
{
        uint64_t number;

        if (!number_take(&value->at, value->end, 10, INT32_MAX, &number) || number == 0)
                return false;
        ret->pid = (pid_t)number;
        return true;
}

static bool parse_ppid(struct value *value, struct status *ret)
{
        uint64_t number;

        if (!number_take(&value->at, value->end, 10, INT32_MAX, &number))
                return false;
        ret->ppid = (pid_t)number;
        return true;
}

static bool parse_ids(struct value *value, uint32_t ids[static 4])
{
        for (unsigned i = 0; i < 4; i++) {
                uint64_t number;

                if (!number_take(&value->at, value->end, 10, UINT32_MAX, &number))
                        return false;
                ids[i] = (uint32_t)number;
        }
        return true;
}

static bool parse_uid(struct value *value, struct status *ret)
{
        return parse_ids(value, ret->uid);
}

static bool parse_gid(struct value *value, struct status *ret)
{
        return parse_ids(value, ret->gid);
}

/* A process may have 65536 groups; the first are kept. */
static bool parse_groups(struct value *value, struct status *ret)
{
        uint64_t number;

        while (ret->n_groups < STATUS_MAX_GROUPS && number_more(&value->at, value->end)) {
                if (!number_take(&value->at, value->end, 10, UINT32_MAX, &number))
                        return false;
                ret->groups[ret->n_groups++] = (uint32_t)number;
        }
        return true;
}

static bool parse_nspid(struct value *value, struct status *ret)
{
        uint64_t number;

        while (number_more(&value->at, value->end)) {
                if (ret->n_nspid == STATUS_MAX_LEVELS ||
                    !number_take(&value->at, value->end, 10, INT32_MAX, &number))
                        return false;
                ret->nspid[ret->n_nspid++] = (pid_t)number;
        }
        return true;
}

static bool parse_cap_inh(struct value *value, struct status *ret)
{
        return number_take(&value->at, value->end, 16, UINT64_MAX, &ret->caps.inheritable);
}

static bool parse_cap_prm(struct value *value, struct status *ret)
{
        return number_take(&value->at, value->end, 16, UINT64_MAX, &ret->caps.permitted);
}

static bool parse_cap_eff(struct value *value, struct status *ret)
{
        return number_take(&value->at, value->end, 16, UINT64_MAX, &ret->caps.effective);
}

static bool parse_cap_bnd(struct value *value, struct status *ret)
{
        return number_take(&value->at, value->end, 16, UINT64_MAX, &ret->caps.bounding);
}

static bool parse_cap_amb(struct value *value, struct status *ret)
{
        return number_take(&value->at, value->end, 16, UINT64_MAX, &ret->caps.ambient);
}

static bool parse_no_new_privs(struct value *value, struct status *ret)
{
        uint64_t number;

        if (!number_take(&value->at, value->end, 10, 1, &number))
                return false;
        ret->no_new_privs = number == 1;
        return true;
}

static bool parse_seccomp(struct value *value, struct status *ret)
{
        uint64_t number;

        if (!number_take(&value->at, value->end, 10, INT32_MAX, &number))
                return false;
        ret->seccomp = (int)number;
        return true;
}

/* needed: every kernel that vitrine runs on has the line. */
static const struct {
        const char *key;
        parse_value *parse;
        bool needed;
} lines[] = {
        { "Name", parse_name, true },        { "State", parse_state, true },
        { "Pid", parse_pid, true },          { "PPid", parse_ppid, true },
        { "Uid", parse_uid, true },          { "Gid", parse_gid, true },
        { "Groups", parse_groups, true },    { "NSpid", parse_nspid, false },
        { "CapInh", parse_cap_inh, true },   { "CapPrm", parse_cap_prm, true },
        { "CapEff", parse_cap_eff, true },   { "CapBnd", parse_cap_bnd, true },
        { "CapAmb", parse_cap_amb, true },   { "NoNewPrivs", parse_no_new_privs, true },
        { "Seccomp", parse_seccomp, false },
};

enum { LINES_N = sizeof(lines) / sizeof(lines[0]) };

/* The entry of a line's key of n bytes, or -1. */
static int find_line(const char *key, size_t n)
{
        for (int i = 0; i < LINES_N; i++)
                if (strlen(lines[i].key) == n && memcmp(lines[i].key, key, n) == 0)
                        return i;
        return -1;
}

static bool parse_line(const char *line, const char *end, unsigned *seen, struct status *ret)
{
        const char *colon = memchr(line, ':', (size_t)(end - line));
        struct value value = { .end = end };
        int which;

        which = colon ? find_line(line, (size_t)(colon - line)) : -1;
        if (which < 0)
                return true;
        if (*seen & 1u << which)
                return false;
        *seen |= 1u << which;
        value.at = colon + 1;
        if (value.at < end && *value.at == '\t')
                value.at++;
        return lines[which].parse(&value, ret);
}

bool status_parse(const char *text, struct status *ret)
{
        struct status status = { .seccomp = -1 };
        unsigned seen = 0;

        while (*text) {
                const char *end = strchr(text, '\n');

                if (!end || !parse_line(text, end, &seen, &status))
                        return false;
                text = end + 1;
        }
        for (unsigned i = 0; i < LINES_N; i++)
                if (lines[i].needed && !(seen & 1u << i))
                        return false;
        *ret = status;
        return true;
}

static bool is_same(const void *a, const void *b, size_t n)
{
        return memcmp(a, b, n) == 0;
}

bool status_is_same(const struct status *a, const struct status *b)
{
        return a->pid == b->pid && a->ppid == b->ppid && a->state == b->state && a->seccomp == b->seccomp &&
               a->no_new_privs == b->no_new_privs && a->n_groups == b->n_groups && a->n_nspid == b->n_nspid &&
               is_same(a->uid, b->uid, sizeof(a->uid)) && is_same(a->gid, b->gid, sizeof(a->gid)) &&
               is_same(a->groups, b->groups, a->n_groups * sizeof(a->groups[0])) &&
               is_same(a->nspid, b->nspid, a->n_nspid * sizeof(a->nspid[0])) &&
               is_same(&a->caps, &b->caps, sizeof(a->caps)) && strcmp(a->comm, b->comm) == 0;
}
