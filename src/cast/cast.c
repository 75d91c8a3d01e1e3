/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cast/cast.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/own.h"
#include "base/str.h"
#include "base/text.h"
#include "cast/encode.h"
#include "cast/file.h"
#include "cast/json.h"
#include "cast/key_bytes.h"
#include "cast/theme.h"

/* A write that a SIGKILL meets is cut at the border of a page (generic_perform_write looks for it before each
 * one): where a line would cross one, an empty event fills the page up, and output is divided. PAGE is the
 * smallest that Linux has; ROOM what stays for the next line at least, else the line is drawn out with
 * spaces. */
enum { PAGE = 4096, ROOM = 128, TEXT_COLUMNS = 200 };

struct cast {
        int fd;         /* owned */
        char *path;     /* owned; for faults */
        bool is_new;    /* there was no file of that name */
        uint64_t size;  /* bytes of whole lines in the file */
        uint64_t at_ms; /* of the last event */
        struct encoder encoder;
        bool failed;
        struct fault fault; /* if so */
};

static size_t room_of(const struct cast *cast)
{
        return PAGE - (size_t)(cast->size % PAGE);
}

static bool fail(struct cast *cast, struct fault *fault)
{
        file_fault(&cast->fault, cast->path);
        cast->failed = true;
        if (fault)
                *fault = cast->fault;
        return false;
}

/* Writes a line, in one write unless the disk takes less; then what went out of it is taken back. */
static bool write_line(struct cast *cast, struct str *line, struct fault *fault)
{
        size_t after = PAGE - (size_t)((cast->size + line->len + 1) % PAGE), done = 0;

        if (after < ROOM)
                str_add_f(line, "%*s", (int)after, "");
        str_add_c(line, '\n');
        while (done < line->len) {
                ssize_t n = write(cast->fd, line->s + done, line->len - done);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n <= 0)
                        break;
                done += (size_t)n;
        }
        if (done == line->len) {
                cast->size += done;
                return true;
        }
        fail(cast, fault);
        if (done > 0 && ftruncate(cast->fd, (off_t)cast->size) < 0)
                return false; /* the fault that came first says it */
        return false;
}

/* The beginning of an event's line. */
static void begin_event(const struct cast *cast, char code, struct str *line)
{
        str_add_f(line, "[%llu.%03u000, \"%c\", \"", (unsigned long long)cast->at_ms / 1000,
                  (unsigned)(cast->at_ms % 1000), code);
}

/* Fills the page up. */
static bool write_filler(struct cast *cast, struct fault *fault)
{
        struct str line = { 0 };
        bool ok;

        begin_event(cast, 'o', &line);
        str_add(&line, "\"]");
        str_add_f(&line, "%*s", (int)(room_of(cast) - line.len - 1), "");
        ok = write_line(cast, &line, fault);
        str_finish(&line);
        return ok;
}

/* An event that is written as one line, of bytes that need not be UTF-8. */
static bool write_event(struct cast *cast, char code, const char *data, size_t n, struct fault *fault)
{
        struct str line = { 0 };
        bool ok = true;

        begin_event(cast, code, &line);
        json_add_some(&line, data, n, SIZE_MAX);
        str_add(&line, "\"]");
        if (line.len >= room_of(cast))
                ok = write_filler(cast, fault);
        ok = ok && write_line(cast, &line, fault);
        str_finish(&line);
        return ok;
}

/* Output, as many events as it takes so that each stays within its page. */
static bool write_output(struct cast *cast, const struct str *out, struct fault *fault)
{
        for (size_t at = 0; at < out->len;) {
                struct str line = { 0 };
                size_t room = room_of(cast);
                bool ok;

                begin_event(cast, 'o', &line);
                room -= line.len + strlen("\"]\n");
                at += json_add_some(&line, out->s + at, out->len - at, room);
                str_add(&line, "\"]");
                ok = write_line(cast, &line, fault);
                str_finish(&line);
                if (!ok)
                        return false;
        }
        return true;
}

/* Whether there is still something to write to; moves the time on. */
static bool go_on(struct cast *cast, uint64_t at_ms, struct fault *fault)
{
        if (cast->failed) {
                if (fault)
                        *fault = cast->fault;
                return false;
        }
        if (at_ms > cast->at_ms)
                cast->at_ms = at_ms;
        return true;
}

/* Text that others may have chosen, for one line of a player. */
static char *one_line(const char *text)
{
        own_free char *safe = text_escape(text, strlen(text), false);

        return text_cut(safe, TEXT_COLUMNS, "…");
}

static void add_env(struct str *line, const char *const *env)
{
        const char *divider = "";

        str_add(line, ", \"env\": {");
        for (; *env; env++) {
                own_free char *name = xstrndup(*env, strcspn(*env, "="));
                const char *value = *env + strlen(name);

                str_add(line, divider);
                json_add(line, name);
                str_add(line, ": ");
                json_add(line, *value ? value + 1 : value);
                divider = ", ";
        }
        str_add_c(line, '}');
}

static bool write_header(struct cast *cast, int cols, int rows, const struct cast_settings *settings,
                         struct fault *fault)
{
        const struct theme *theme = theme_of(settings->scheme);
        struct str line = { 0 };
        bool ok;

        str_add_f(&line, "{\"version\": 2, \"width\": %d, \"height\": %d", cols, rows);
        if (settings->timestamp)
                str_add_f(&line, ", \"timestamp\": %lld", (long long)settings->timestamp);
        if (settings->title) {
                own_free char *title = one_line(settings->title);

                str_add(&line, ", \"title\": ");
                json_add(&line, title);
        }
        if (settings->env)
                add_env(&line, settings->env);
        str_add_f(&line, ", \"theme\": {\"fg\": \"%s\", \"bg\": \"%s\", \"palette\": \"%s\"}}", theme->fg,
                  theme->bg, theme->palette);
        ok = write_line(cast, &line, fault);
        str_finish(&line);
        return ok;
}

static void cast_free(struct cast *cast)
{
        fd_close(&cast->fd);
        encoder_finish(&cast->encoder);
        free(cast->path);
        free(cast);
}

void cast_discard(struct cast *cast)
{
        if (!cast)
                return;
        if (cast->is_new)
                unlink(cast->path);
        cast_free(cast);
}

bool cast_open(const char *path, int cols, int rows, const struct cast_settings *settings, struct cast **ret,
               struct fault *fault)
{
        const char *begins = settings->fresh ? NULL : "{\"version\": ";
        struct cast *cast;
        own_fd int fd = -1;
        bool is_new = false;

        if (path && !file_open(path, begins, &fd, &is_new, fault))
                return false;
        if (!path && (fd = memfd_create("recording", MFD_CLOEXEC)) < 0)
                return fault_errno(fault, "", "record in memory");
        cast = xcalloc(1, sizeof(*cast));
        cast->fd = take_fd(&fd);
        cast->is_new = is_new;
        cast->path = xstrdup(path ? path : "");
        encoder_init(&cast->encoder, settings->scheme, settings->ascii, settings->mono);
        cast->encoder.cols = cols;
        cast->encoder.rows = rows;
        if (!write_header(cast, cols, rows, settings, fault)) {
                cast_discard(cast);
                return false;
        }
        *ret = cast;
        return true;
}

bool cast_frame(struct cast *cast, const struct grid *grid, uint64_t at_ms, struct fault *fault)
{
        bool resized = grid->cols != cast->encoder.cols || grid->rows != cast->encoder.rows;
        struct str out = { 0 };
        char size[32];
        int n = snprintf(size, sizeof(size), "%dx%d", grid->cols, grid->rows);
        bool ok;

        if (!go_on(cast, at_ms, fault))
                return false;
        if (resized && !write_event(cast, 'r', size, (size_t)n, fault))
                return false;
        encoder_frame(&cast->encoder, grid, false, &out);
        ok = write_output(cast, &out, fault);
        str_finish(&out);
        return ok;
}

bool cast_key(struct cast *cast, const char *name, uint64_t at_ms, struct fault *fault)
{
        char bytes[KEY_BYTES_SIZE];
        size_t n = key_bytes(name, bytes);

        if (!go_on(cast, at_ms, fault))
                return false;
        return n == 0 || write_event(cast, 'i', bytes, n, fault);
}

bool cast_marker(struct cast *cast, const char *label, uint64_t at_ms, struct fault *fault)
{
        own_free char *safe = one_line(label);

        return go_on(cast, at_ms, fault) && write_event(cast, 'm', safe, strlen(safe), fault);
}

bool cast_text(struct cast *cast, char **ret, size_t *ret_len, struct fault *fault)
{
        own_free char *text = xmalloc((size_t)cast->size + 1);

        for (size_t at = 0; at < cast->size;) {
                ssize_t n = pread(cast->fd, text + at, (size_t)cast->size - at, (off_t)at);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return fault_errno(fault, cast->path, "read the recording");
                if (n == 0)
                        return fault_why(fault, "read the recording", "%.200s was cut meanwhile", cast->path);
                at += (size_t)n;
        }
        text[cast->size] = '\0';
        *ret = take_ptr(text);
        *ret_len = (size_t)cast->size;
        return true;
}

bool cast_close(struct cast *cast, uint64_t at_ms, struct fault *fault)
{
        bool ok = true;

        if (!cast)
                return true;
        if (!cast->failed && at_ms > cast->at_ms) {
                cast->at_ms = at_ms;
                ok = write_event(cast, 'o', "", 0, fault);
        } else {
                ok = go_on(cast, at_ms, fault);
        }
        /* Some file systems say only now that there is no room. */
        if (close(take_fd(&cast->fd)) < 0 && ok) {
                fail(cast, fault);
                ok = false;
        }
        cast_free(cast);
        return ok;
}
