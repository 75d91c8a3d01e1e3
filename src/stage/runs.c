/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "stage/runs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "cage/enter.h"
#include "cage/remedy.h"

enum { READ_BYTES = 16 * 1024, READS_MOST = 8 /* in one turn: what writes without an end starves nobody */ };

static void entry_finish(struct run_entry *entry)
{
        strv_finish(&entry->argv);
        free(entry->user);
        str_finish(&entry->output);
}

static struct run_entry *running(struct runs *runs)
{
        return runs->n > 0 && !runs->v[runs->n - 1].ended ? &runs->v[runs->n - 1] : NULL;
}

/* What is read from another's pipe when nobody looks at it any more is lost to him, as with a closed
 * terminal.
 */
static void detach(struct runs *runs)
{
        if (runs->enter)
                loop_forget(runs->loop, enter_fd(runs->enter));
        if (runs->out_fd >= 0)
                loop_forget(runs->loop, runs->out_fd);
        enter_close(runs->enter);
        runs->enter = NULL;
        fd_close(&runs->out_fd);
}

static void end(struct runs *runs, int status)
{
        struct run_entry *entry = running(runs);

        detach(runs);
        if (!entry)
                return;
        entry->ended = true;
        entry->exit = status;
        runs->ended_ms = time_now_ms();
}

void runs_keep(struct run_entry *entry, const char *bytes, size_t n)
{
        struct str *output = &entry->output;
        const char *newline;
        size_t gone;

        str_add_n(output, bytes, n);
        if (output->len <= RUN_OUTPUT_BYTES)
                return;
        gone = output->len - RUN_OUTPUT_BYTES;
        /* The line that would lose its beginning goes whole, where another one follows. */
        newline = memchr(output->s + gone - 1, '\n', output->len - gone);
        entry->cut = !newline;
        if (newline)
                gone = (size_t)(newline - output->s) + 1;
        for (size_t i = 0; i < gone; i++)
                entry->dropped += output->s[i] == '\n';
        output->len -= gone;
        memmove(output->s, output->s + gone, output->len + 1);
}

/* Returns how many bytes there were; 0: none for now, or no more. */
static size_t read_some(struct runs *runs, struct run_entry *entry)
{
        char bytes[READ_BYTES];
        ssize_t n;

        do
                n = read(runs->out_fd, bytes, sizeof(bytes));
        while (n < 0 && errno == EINTR);
        if (n == 0) {
                loop_forget(runs->loop, runs->out_fd);
                fd_close(&runs->out_fd);
        }
        if (n <= 0)
                return 0;
        runs_keep(entry, bytes, (size_t)n);
        return (size_t)n;
}

/* What is in the pipe by now; what is written meanwhile is not waited for. */
static void read_rest(struct runs *runs, struct run_entry *entry)
{
        int left = 0;

        if (ioctl(runs->out_fd, FIONREAD, &left) < 0)
                return;
        for (size_t n = 1; left > 0 && n > 0; left -= (int)n)
                n = read_some(runs, entry);
}

static void on_output(void *data, int fd, short events)
{
        struct runs *runs = data;
        struct run_entry *entry = running(runs);

        (void)fd, (void)events;
        for (int i = 0; entry && i < READS_MOST && runs->out_fd >= 0 && read_some(runs, entry) > 0; i++)
                ;
        runs->changed(runs->data);
}

/* It did not start. */
static void refuse(struct runs *runs, struct run_entry *entry, const struct fault *fault)
{
        char line[REMEDY_LINE];
        own_free char *remedy = remedy_of(fault);

        fault_line(fault, line, sizeof(line));
        if (entry)
                str_add_f(&entry->output, "%s%s%s\n", line, *remedy ? "\nhint: " : "", remedy);
        end(runs, fault->exit_code ? fault->exit_code : 125);
}

static void on_end(void *data, int fd, short events)
{
        struct runs *runs = data;
        struct fault fault = { 0 };
        bool started = enter_pid(runs->enter) > 0;
        int status = 0, got = enter_read(runs->enter, &status, &fault);
        struct run_entry *entry = running(runs);

        (void)fd, (void)events;
        if (got == ENTER_NOTHING || got == ENTER_STARTED)
                return;
        if (!started) {
                refuse(runs, entry, &fault);
                runs->changed(runs->data);
                return;
        }
        /* It ends with its own process, also when a child in the background still holds the output: what is
         * in the pipe by now is all of it. */
        if (entry && runs->out_fd >= 0)
                read_rest(runs, entry);
        end(runs, got < 0 ? 128 + 9 : status);
        runs->changed(runs->data);
}

static struct run_entry *add(struct runs *runs, const char *user, const struct strv *argv)
{
        struct run_entry *entry;

        if (runs->n == RUNS_MOST) {
                entry_finish(&runs->v[0]);
                memmove(runs->v, runs->v + 1, --runs->n * sizeof(*runs->v));
        }
        runs->v = xrealloc(runs->v, runs->n + 1, sizeof(*runs->v));
        entry = &runs->v[runs->n++];
        *entry = (struct run_entry){ .user = xstrdup(user) };
        strv_copy(&entry->argv, argv);
        return entry;
}

static bool start(struct runs *runs, const char *id, const struct run_entry *entry, struct fault *fault)
{
        struct enter_request request = {
                .user = entry->user, .workdir = "", .env = &(struct strv){ 0 }, .argv = &entry->argv
        };
        int ends[2];
        own_fd int in = -1;

        if (!enter_open(id, &runs->enter, fault))
                return false;
        if (pipe2(ends, O_CLOEXEC) < 0)
                return fault_errno(fault, "", "make a pipe");
        runs->out_fd = ends[0];
        in = ends[1];
        /* The reader's end alone does not block: the writer is the command. */
        if (fcntl(runs->out_fd, F_SETFL, O_NONBLOCK) < 0)
                return fault_errno(fault, "", "make a pipe");
        return enter_ask(runs->enter, &request, &(struct cage_stdio){ -1, in, in, false }, fault);
}

bool runs_start(struct runs *runs, const char *id, const char *user, const struct strv *argv)
{
        struct fault fault = { 0 };
        struct run_entry *entry;

        if (runs_busy(runs))
                return false;
        entry = add(runs, user, argv);
        if (!start(runs, id, entry, &fault)) {
                refuse(runs, entry, &fault);
                return true;
        }
        loop_watch(runs->loop, enter_fd(runs->enter), POLLIN, on_end, runs);
        loop_watch(runs->loop, runs->out_fd, POLLIN, on_output, runs);
        return true;
}

bool runs_busy(const struct runs *runs)
{
        return runs->n > 0 && !runs->v[runs->n - 1].ended;
}

void runs_signal(struct runs *runs, int sig)
{
        if (runs->enter)
                enter_signal(runs->enter, sig);
}

void runs_clear(struct runs *runs)
{
        detach(runs);
        for (size_t i = 0; i < runs->n; i++)
                entry_finish(&runs->v[i]);
        free(runs->v);
        runs->v = NULL;
        runs->n = 0;
}

void runs_lost(struct runs *runs)
{
        if (runs_busy(runs))
                end(runs, 128 + 9);
}

const struct run_entry *runs_last(const struct runs *runs)
{
        return runs->n > 0 ? &runs->v[runs->n - 1] : NULL;
}

static jv strings(const struct strv *list)
{
        jv array = jv_array();

        for (size_t i = 0; i < list->n; i++)
                array = jv_array_append(array, jv_string(list->v[i]));
        return array;
}

jv runs_json(const struct runs *runs)
{
        jv array = jv_array();

        for (size_t i = 0; i < runs->n; i++) {
                const struct run_entry *entry = &runs->v[i];
                jv object;

                if (!entry->ended)
                        continue;
                object = jv_object_set(jv_object(), jv_string("command"), strings(&entry->argv));
                object = jv_object_set(object, jv_string("user"), jv_string(entry->user));
                object = jv_object_set(object, jv_string("exit"), jv_number(entry->exit));
                object = jv_object_set(object, jv_string("output"),
                                       jv_string_sized(str_text(&entry->output), (int)entry->output.len));
                array = jv_array_append(array, object);
        }
        return array;
}
