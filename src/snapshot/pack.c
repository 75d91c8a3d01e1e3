/* SPDX-License-Identifier: MIT */
/* A table as bytes: numbers in the machine's own order (both ends are one machine), texts behind their
 * length.
 */
#include "config.h"

#include "snapshot/table.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
        PACK_MAGIC = 0x32545056,
        NO_TROUBLE = 0,
        TROUBLE = 1,
        PIDS_MOST = 4 * 1024 * 1024 /* a kernel has no more */
};

/* The least that a row takes: pid, ppid, uid, state, two empty texts, whether there is a status. */
enum { ROW_LEAST = 4 + 4 + 4 + 1 + 4 + 4 + 1 };

static void put_8(struct str *out, unsigned value)
{
        str_add_c(out, (char)(unsigned char)value);
}

static void put_32(struct str *out, uint32_t value)
{
        str_add_n(out, (const char *)&value, sizeof(value));
}

static void put_64(struct str *out, uint64_t value)
{
        str_add_n(out, (const char *)&value, sizeof(value));
}

static void put_text(struct str *out, const char *text)
{
        size_t n = text ? strlen(text) : 0;

        put_32(out, (uint32_t)n);
        if (n > 0)
                str_add_n(out, text, n);
}

static void put_status(struct str *out, const struct status *status)
{
        put_32(out, (uint32_t)status->pid);
        put_32(out, (uint32_t)status->ppid);
        for (unsigned i = 0; i < 4; i++) {
                put_32(out, status->uid[i]);
                put_32(out, status->gid[i]);
        }
        put_32(out, status->n_groups);
        for (unsigned i = 0; i < status->n_groups; i++)
                put_32(out, status->groups[i]);
        put_32(out, status->n_nspid);
        for (unsigned i = 0; i < status->n_nspid; i++)
                put_32(out, (uint32_t)status->nspid[i]);
        put_64(out, status->caps.effective);
        put_64(out, status->caps.permitted);
        put_64(out, status->caps.inheritable);
        put_64(out, status->caps.bounding);
        put_64(out, status->caps.ambient);
        put_8(out, status->no_new_privs);
        put_32(out, (uint32_t)status->seccomp);
        put_8(out, (unsigned char)status->state);
        put_text(out, status->comm);
}

void proc_table_pack(const struct proc_table *table, struct str *out)
{
        put_32(out, PACK_MAGIC);
        put_32(out, (uint32_t)table->n);
        put_32(out, (uint32_t)table->unread);
        put_64(out, table->read_ms);
        put_8(out, table->trouble ? TROUBLE : NO_TROUBLE);
        put_text(out, table->trouble);
        for (size_t i = 0; i < table->n; i++) {
                const struct proc *proc = &table->v[i];

                put_32(out, (uint32_t)proc->pid);
                put_32(out, (uint32_t)proc->ppid);
                put_32(out, proc->uid);
                put_8(out, (unsigned char)proc->state);
                put_text(out, proc->comm);
                put_text(out, proc->cmdline);
                put_8(out, proc->status != NULL);
                if (proc->status)
                        put_status(out, proc->status);
        }
}

/* What is left to read. Once bad, always bad: what is taken then is zero. */
struct reader {
        const char *at;
        size_t left;
        bool bad;
        struct proc_texts *texts;
        size_t used; /* of them */
};

static void take_n(struct reader *reader, void *to, size_t n)
{
        if (reader->bad || reader->left < n) {
                reader->bad = true;
                memset(to, 0, n);
                return;
        }
        memcpy(to, reader->at, n);
        reader->at += n;
        reader->left -= n;
}

static unsigned char take_8(struct reader *reader)
{
        unsigned char value;

        take_n(reader, &value, sizeof(value));
        return value;
}

static uint32_t take_32(struct reader *reader)
{
        uint32_t value;

        take_n(reader, &value, sizeof(value));
        return value;
}

static uint64_t take_64(struct reader *reader)
{
        uint64_t value;

        take_n(reader, &value, sizeof(value));
        return value;
}

/* A number that is least or more. */
static pid_t take_pid(struct reader *reader, pid_t least)
{
        uint32_t value = take_32(reader);

        if (value > INT32_MAX || (pid_t)value < least)
                reader->bad = true;
        return reader->bad ? 0 : (pid_t)value;
}

static unsigned take_count(struct reader *reader, unsigned max)
{
        uint32_t value = take_32(reader);

        if (value > max)
                reader->bad = true;
        return reader->bad ? 0 : value;
}

/* The kernel's letters; anything else would be a byte chosen by whoever wrote the table. */
static char take_state(struct reader *reader)
{
        unsigned char value = take_8(reader);

        return isalpha(value) && value < 0x80 ? (char)value : '?';
}

/* Never NULL, within texts: before each text stand four bytes for its length, so there is room for an end. */
static char *take_text(struct reader *reader)
{
        uint32_t n = take_32(reader);
        char *text = reader->texts->text + reader->used;

        if (reader->bad || n > reader->left || memchr(reader->at, '\0', n)) {
                reader->bad = true;
                n = 0;
        }
        take_n(reader, text, n);
        text[n] = '\0';
        reader->used += reader->bad ? 0 : (size_t)n + 1;
        return text;
}

static void take_comm(struct reader *reader, char *to, size_t size)
{
        uint32_t n = take_32(reader);

        if (n >= size)
                reader->bad = true;
        if (reader->bad)
                n = 0;
        take_n(reader, to, n);
        to[n] = '\0';
        if (strlen(to) != n)
                reader->bad = true;
}

static struct status *take_status(struct reader *reader)
{
        struct status *status = xcalloc(1, sizeof(*status));
        uint32_t seccomp;

        status->pid = take_pid(reader, 1);
        status->ppid = take_pid(reader, 0);
        for (unsigned i = 0; i < 4; i++) {
                status->uid[i] = take_32(reader);
                status->gid[i] = take_32(reader);
        }
        status->n_groups = take_count(reader, STATUS_MAX_GROUPS);
        for (unsigned i = 0; i < status->n_groups; i++)
                status->groups[i] = take_32(reader);
        status->n_nspid = take_count(reader, STATUS_MAX_LEVELS);
        for (unsigned i = 0; i < status->n_nspid; i++)
                status->nspid[i] = take_pid(reader, 0);
        status->caps.effective = take_64(reader);
        status->caps.permitted = take_64(reader);
        status->caps.inheritable = take_64(reader);
        status->caps.bounding = take_64(reader);
        status->caps.ambient = take_64(reader);
        status->no_new_privs = take_8(reader) != 0;
        seccomp = take_32(reader);
        status->seccomp = seccomp <= INT32_MAX ? (int)seccomp : -1;
        status->state = take_state(reader);
        take_comm(reader, status->comm, sizeof(status->comm));
        return status;
}

static void take_row(struct reader *reader, struct proc *proc)
{
        proc->pid = take_pid(reader, 1);
        proc->ppid = take_pid(reader, 0);
        proc->uid = take_32(reader);
        proc->state = take_state(reader);
        proc->comm = take_text(reader);
        proc->cmdline = take_text(reader);
        if (take_8(reader))
                proc->status = take_status(reader);
}

bool proc_table_unpack(const char *data, size_t n, struct proc_table *ret)
{
        struct reader reader = { .at = data, .left = n };
        struct proc_table table = { 0 };
        const char *why;
        unsigned char trouble;
        uint32_t rows;

        if (take_32(&reader) != PACK_MAGIC)
                return false;
        table.texts = reader.texts = xmalloc(sizeof(*reader.texts) + n);
        *reader.texts = (struct proc_texts){ .holders = 1, .size = n };
        rows = take_32(&reader);
        table.unread = take_32(&reader);
        table.read_ms = take_64(&reader);
        trouble = take_8(&reader);
        why = take_text(&reader);
        table.trouble = trouble == NO_TROUBLE ? NULL : xstrdup(why);
        /* So that a large number alone makes nobody ask for memory. */
        if (rows > reader.left / ROW_LEAST || table.unread > PIDS_MOST)
                reader.bad = true;
        if (!reader.bad)
                table.v = xcalloc(rows, sizeof(*table.v));
        while (!reader.bad && table.n < rows)
                take_row(&reader, &table.v[table.n++]);
        if (reader.bad || reader.left > 0) {
                proc_table_finish(&table);
                return false;
        }
        proc_table_sort(&table);
        table.sharers = xmalloc(sizeof(*table.sharers));
        *table.sharers = 1;
        *ret = table;
        return true;
}
