/* SPDX-License-Identifier: MIT */
/* The loop of the plain tutorial: one line is carried out, and what came of it is printed, before the next
 * one is taken, so that a lesson can be piped in as well as typed. */
#include "config.h"

#include "cmd/plain.h"

#include <errno.h>
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "cmd/cmd.h"
#include "cmd/plain_state.h"
#include "cmd/printed.h"

enum {
        USUAL_COLS = 80,
        LEAST_COLS = 20,
        CHECKS_MS = 2000, /* so long the checks may take until the next line is taken */
        FRESH_MS = 700,   /* and so long a look at the container after the line's end */
        NEXT_MS = 5000,   /* and so long a step that is nearly done keeps `next` waiting */
        WAIT_MS = 2000,   /* after that it is said that something is waited for */
        SLOW_MS = 3000,   /* after that a command inside is said to go on */
        END_MS = 10000,   /* and so long it is waited for when standard input has ended */
        TURN_MS = 200,
};

static int columns(void)
{
        struct winsize size;

        if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
                return USUAL_COLS;
        return size.ws_col < LEAST_COLS ? LEAST_COLS : size.ws_col;
}

/* A line that is too long is kept in its beginning, which is then refused. */
static void on_input(void *data, int fd, short events)
{
        struct plain *plain = data;
        char bytes[4096];
        ssize_t n = read(fd, bytes, sizeof(bytes));

        (void)events;
        if (n > 0)
                str_add_n(&plain->in, bytes, (size_t)n);
        plain->eof = n <= 0;
        if (plain->eof)
                loop_forget(&plain->loop, fd);
}

static bool has_line(const struct plain *plain)
{
        if (plain->eof)
                return plain->in.len || plain->cut;
        return memchr(str_text(&plain->in), '\n', plain->in.len) != NULL;
}

/* No more is read than what makes a line: an endless input is no endless store. */
static void watch_input(struct plain *plain)
{
        if (plain->eof)
                return;
        if (has_line(plain))
                loop_forget(&plain->loop, STDIN_FILENO);
        else
                loop_watch(&plain->loop, STDIN_FILENO, POLLIN, on_input, plain);
        if (plain->in.len > PLAIN_LINE_MOST && !has_line(plain)) {
                plain->cut = true;
                plain->in.len = 0;
        }
}

static size_t line_length(const struct plain *plain)
{
        const char *text = str_text(&plain->in), *end = memchr(text, '\n', plain->in.len);

        return end ? (size_t)(end - text) : plain->in.len;
}

/* The next line, the caller's; NULL where it was too long. NUL bytes end it. */
static char *take_line(struct plain *plain)
{
        size_t n = line_length(plain), whole = n + (n < plain->in.len);
        char *line = xstrndup(str_text(&plain->in), n);
        struct str rest = { 0 };
        bool cut = plain->cut;

        str_add_n(&rest, str_text(&plain->in) + whole, plain->in.len - whole);
        str_finish(&plain->in);
        plain->in = rest;
        plain->cut = false;
        n = strlen(line);
        if (n > 0 && line[n - 1] == '\r')
                line[n - 1] = '\0';
        if (!cut)
                return line;
        free(line);
        return NULL;
}

static bool first_word_is(const struct plain *plain, const char *word)
{
        size_t n = strlen(word);

        return line_length(plain) >= n && strncmp(str_text(&plain->in), word, n) == 0 &&
               (line_length(plain) == n || str_text(&plain->in)[n] == '\r');
}

/* What is seen is newer than the end of what was begun, and so is what the checks say of it. */
static bool is_fresh(struct plain *plain, uint64_t now)
{
        struct view view;
        uint64_t seen_ms;
        size_t n = 0;

        stage_peek(plain->stage, &view);
        if (view.dialog_text || view.prompt.title || !view.lesson)
                return true;
        /* What was set going may take a moment more: it is not enough that nothing has changed by now. Else
         * the look that was asked for will do, which may begin within the same millisecond. */
        seen_ms = !view.now ? 0 : plain->begun ? view.now->read_ms : stage_seen_ms(plain->stage) + 1;
        if (view.now && view.state == RUN_RUNNING && seen_ms <= plain->quiet_ms &&
            now < plain->quiet_ms + FRESH_MS)
                return false;
        if (view.lesson->step < view.lesson->lesson->n_steps)
                n = view.lesson->lesson->steps[view.lesson->step].n_checks +
                    view.lesson->lesson->steps[view.lesson->step].n_asks;
        return n == 0 || view.lesson->done || *player_checks_off(plain->stage) ||
               player_is_fresh(plain->stage) || now >= plain->quiet_ms + CHECKS_MS;
}

/* Whether the last line has come to its end. Once it has, it stays so until the next one is taken. */
static bool is_settled(struct plain *plain)
{
        uint64_t now = time_now_ms();

        if (!plain->stage)
                plain->settled = true;
        if (plain->settled)
                return true;
        if (!stage_is_quiet(plain->stage)) {
                plain->quiet_ms = 0;
                plain->begun = true;
                return false;
        }
        if (!plain->quiet_ms) {
                plain->quiet_ms = now;
                if (!plain->begun)
                        stage_look(plain->stage);
        }
        plain->settled = is_fresh(plain, now);
        return plain->settled;
}

static void say_slow(struct plain *plain)
{
        if (plain->slow_said || time_now_ms() < plain->taken_ms + SLOW_MS || !plain->stage ||
            !stage_runs_command(plain->stage))
                return;
        plain->slow_said = true;
        plain_say(plain, "The command still runs. Type stop, or press Ctrl-C, to end it.");
        printed_flush();
}

/* Who hears nothing does not know whether anything goes on. */
static void say_waiting(struct plain *plain)
{
        if (plain->wait_said || time_now_ms() < plain->taken_ms + WAIT_MS || !plain->stage ||
            stage_runs_command(plain->stage))
                return;
        plain->wait_said = true;
        plain_say(plain, "waiting ...");
        printed_flush();
}

static void begin_line(struct plain *plain)
{
        plain->settled = plain->begun = plain->slow_said = plain->wait_said = false;
        plain->taken_ms = time_now_ms();
        plain->quiet_ms = 0;
}

/* A backslash at the end goes on with the next line, as in a shell. */
static bool is_joined(struct plain *plain, const char *line)
{
        size_t n = strlen(line);

        if (n > 0 && line[n - 1] == '\\' && plain->joined.len + n < PLAIN_LINE_MOST) {
                str_add_n(&plain->joined, line, n - 1);
                return true;
        }
        str_add(&plain->joined, line);
        return false;
}

static void carry_out(struct plain *plain)
{
        own_free char *line = take_line(plain), *whole = NULL;

        plain->prompted = false;
        if (!line) {
                plain_say(plain, "A line has at most %d bytes: this one was longer, and was not read.",
                          PLAIN_LINE_MOST);
                return;
        }
        if (plain->echo)
                plain_say(plain, "> %s", line);
        if (is_joined(plain, line))
                return;
        whole = str_take(&plain->joined);
        begin_line(plain);
        plain_do(plain, whole);
}

/* `next` comes early from a pipe: what is nearly seen is waited for. */
static bool is_early(struct plain *plain)
{
        own_free char *line = xstrndup(str_text(&plain->in), line_length(plain));
        const struct lesson_step *step;
        struct view view;
        size_t key;

        if (!plain->stage || plain->asks_line || !plain_is_next(line) ||
            time_now_ms() >= plain->quiet_ms + NEXT_MS)
                return false;
        stage_peek(plain->stage, &view);
        if (!view.lesson || view.dialog_text || view.lesson->done || *view.lesson->cannot ||
            *player_checks_off(plain->stage) || view.lesson->step == view.lesson->lesson->n_steps)
                return false;
        step = &view.lesson->lesson->steps[view.lesson->step];
        return step->n_checks && !plain_is_asking(view.lesson) && !player_todo(plain->stage, &key);
}

static void prompt(struct plain *plain)
{
        if (plain->prompts && !plain->prompted) {
                printf("> ");
                plain->prompted = true;
        }
        printed_flush();
}

/* Only what ends it is heard while a command runs; quit once it is said that it does. */
static void hear_stop(struct plain *plain)
{
        if (!has_line(plain) || !plain->stage || !stage_runs_command(plain->stage))
                return;
        if (first_word_is(plain, "stop")) {
                free(take_line(plain));
                stage_stop_command(plain->stage);
        } else if (plain->slow_said && (first_word_is(plain, "quit") || first_word_is(plain, "q"))) {
                plain->quit = true;
        }
}

static bool turn(struct plain *plain)
{
        uint64_t until = time_now_ms() + TURN_MS;

        if (plain->stage)
                return player_turn(plain->stage, until);
        plain->loop.wake_ms = until;
        return loop_step(&plain->loop);
}

/* No was said to the lesson's first container, without which there is no stage. */
static void leave_lesson(struct plain *plain)
{
        stage_close(plain->stage);
        plain->stage = NULL;
        plain_say(plain,
                  "Without its first container the lesson is not open. open and a number opens another "
                  "one, list shows them all.");
}

/* One turn: prints, takes a line where one may be taken. Returns false at the end. */
static bool step(struct plain *plain)
{
        bool settled = is_settled(plain);

        if (settled && plain->stage)
                plain_tell(plain);
        if (plain->quit || ferror(stdout))
                return false;
        if (settled && has_line(plain) && !is_early(plain)) {
                carry_out(plain);
                return !plain->quit;
        }
        if (plain->eof && !has_line(plain) && (settled || time_now_ms() >= plain->taken_ms + END_MS))
                return false;
        if (settled && !has_line(plain))
                prompt(plain);
        if (!settled) {
                printed_flush();
                say_slow(plain);
                say_waiting(plain);
                hear_stop(plain);
        }
        watch_input(plain);
        if (turn(plain))
                return true;
        if (!plain->stage || plain->quit || plain->loop.err)
                return false;
        if (!stage_fault(plain->stage)) {
                leave_lesson(plain);
                return true;
        }
        /* The lesson's own first line was not launched. */
        struct fault fault = *stage_fault(plain->stage);

        plain_read_on(plain, &fault);
        return true;
}

/* Ctrl-C ends a command inside, else the tutorial. */
static void on_signal(void *data, int fd, short events)
{
        struct plain *plain = data;
        struct signalfd_siginfo info;

        (void)events;
        while (read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info))
                if (info.ssi_signo == SIGINT && plain->stage && stage_runs_command(plain->stage))
                        stage_stop_command(plain->stage);
                else
                        plain->quit = true;
}

static int open_signals(void)
{
        sigset_t set;

        sigemptyset(&set);
        sigaddset(&set, SIGTERM);
        sigaddset(&set, SIGHUP);
        sigaddset(&set, SIGINT);
        sigprocmask(SIG_BLOCK, &set, NULL);
        signal(SIGPIPE, SIG_IGN);
        return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void finish(struct plain *plain)
{
        stage_close(plain->stage);
        player_source_finish(&plain->source);
        str_finish(&plain->in);
        str_finish(&plain->joined);
        free(plain->word);
        free(plain->told.text);
}

/* A lesson that is named on the command line and is not there is that line's fault. */
static bool is_there(const char *word, int *ret_code)
{
        struct lesson_error error = { 0 };
        struct player_source source = { 0 };
        bool ok = player_find(word, &source, &error);

        if (!ok)
                *ret_code = fault_print(&error.fault, false);
        if (error.excerpt)
                fprintf(stderr, "%s\n", error.excerpt);
        player_source_finish(&source);
        lesson_error_finish(&error);
        return ok;
}

static void say_kept(struct plain *plain)
{
        struct view view = { 0 };

        if (plain->stage)
                stage_peek(plain->stage, &view);
        if (view.lesson && !*view.lesson->list_note)
                plain_say(plain, "What you have done is kept.");
}

/* Whether it ended as it was asked to. */
static bool is_whole(const struct plain *plain, struct fault *fault)
{
        if (!printed_end(fault))
                return false;
        errno = plain->loop.err;
        return errno == 0 || fault_errno(fault, "", "wait for lines and for the container");
}

int plain_learn(const char *word, const struct view_flags *views)
{
        struct plain plain = { .views = views, .width = columns(), .taken_ms = time_now_ms() };
        struct fault fault = { 0 };
        own_fd int signals = -1;
        int code = 0;
        bool ok;

        if (word && !is_there(word, &code))
                return code;
        loop_init(&plain.loop);
        signals = open_signals();
        if (signals < 0) {
                fault_errno(&fault, "", "watch for signals");
                return fault_print(&fault, false);
        }
        loop_watch(&plain.loop, signals, POLLIN, on_signal, &plain);
        plain.ascii = views->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
        plain.echo = !isatty(STDIN_FILENO);
        plain.prompts = !plain.echo && isatty(STDOUT_FILENO);
        plain_say(&plain, "vitrine, the tutorial as plain lines. help lists what can be typed.");
        if (word)
                plain_open(&plain, word);
        else
                plain_list(&plain);
        while (step(&plain))
                ;
        if (plain.prompted)
                putchar('\n');
        say_kept(&plain);
        ok = is_whole(&plain, &fault);
        finish(&plain);
        return ok ? 0 : fault_print(&fault, false);
}
