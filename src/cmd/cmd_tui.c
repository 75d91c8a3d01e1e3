/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/cmd.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/io.h"
#include "base/loop.h"
#include "base/own.h"
#include "base/str.h"
#include "base/text.h"
#include "cmd/mouse.h"
#include "cmd/tui.h"
#include "cmd/recorder.h"
#include "stage/attach.h"
#include "stage/demo.h"
#include "stage/stage.h"
#include "term/term.h"
#include "ui/ui.h"

/* Thirty frames a second in the long run; a few may come early, so that what a key has done (a new container,
 * in a few milliseconds) need not wait for the frame after the one that the key itself took. */
enum { FRAME_MS = 33, EARLY_FRAMES = 3 };
enum { EXIT_BY_SIGNAL = 128 };

struct screen {
        struct loop loop;
        struct term *term;         /* NULL: it is only recorded */
        int cols, rows;            /* then */
        struct recorder *recorder; /* NULL: it is not recorded */
        bool asked_record;         /* from the beginning on */
        struct fault record_fault; /* what ended that, step "": nothing */
        int interrupted;           /* the signal that ended what is only recorded, or 0 */
        struct stage *stage;
        uint64_t drawn_ms;
        uint64_t due_ms; /* when the next frame would stand in line */
        bool all;        /* everything anew with the next frame */
        bool blocked;    /* the terminal does not take what was drawn */
        bool more;       /* keys that wait: a long paste must not hold up the screen */
        enum scheme scheme;
        char *copied; /* the last line that was handed to the clipboard, owned */
};

/* A terminal that has stopped reading (its window hangs, its line is down) holds up nothing but the drawing.
 */
static void on_room(void *data, int fd, short events);

static bool is_blocked(struct screen *screen)
{
        bool blocked = screen->term && !term_flush(screen->term);

        if (blocked && !screen->blocked)
                loop_watch(&screen->loop, term_out_fd(screen->term), POLLOUT, on_room, screen);
        else if (!blocked && screen->blocked)
                loop_forget(&screen->loop, term_out_fd(screen->term));
        screen->blocked = blocked;
        return blocked;
}

static void end_recording(struct screen *screen, const char *why)
{
        struct fault fault = { 0 };
        char text[700] = "";

        if (!recorder_close(take_ptr(screen->recorder), &fault)) {
                fault_line(&fault, text, sizeof(text));
                if (screen->asked_record && !screen->record_fault.step[0])
                        screen->record_fault = fault;
        }
        stage_record(screen->stage, false, *text ? text : why);
}

/* What cannot be written ends the recording; without a terminal there is nothing else to go on for. */
static void record(struct screen *screen, const struct view *view, const struct grid *grid)
{
        const char *step = demo_take_step(screen->stage);

        if (!screen->recorder)
                return;
        if (recorder_frame(screen->recorder, grid, view->play.caption, step))
                return;
        end_recording(screen, "");
        screen->loop.quit = screen->loop.quit || !screen->term;
}

/* Without a name from the command line: one by the time, in the current folder. */
static void toggle_recording(struct screen *screen)
{
        struct recorder_settings settings = { .scheme = screen->scheme };
        struct fault fault = { 0 };
        own_free char *said = NULL;
        int cols, rows;
        char text[700];

        if (screen->recorder) {
                end_recording(screen, "the recording has ended");
                return;
        }
        settings.ascii = term_is_ascii(screen->term);
        settings.mono = term_is_mono(screen->term);
        term_size(screen->term, &cols, &rows);
        if (recorder_open_new(&settings, cols, rows, &screen->recorder, &fault)) {
                said = xasprintf("recording into %s; R ends it, H shows more of the host",
                                 recorder_path(screen->recorder));
                stage_record(screen->stage, true, said);
                return;
        }
        fault_line(&fault, text, sizeof(text));
        stage_record(screen->stage, false, text);
}

static void on_key_seen(void *data, const char *key, bool typed)
{
        const struct screen *screen = data;

        recorder_key(screen->recorder, key, typed);
}

static void draw(struct screen *screen)
{
        struct view view;
        struct grid grid;
        int cols, rows;

        if (is_blocked(screen)) {
                screen->all = screen->all || stage_wants_redraw(screen->stage);
                return;
        }
        cols = screen->cols;
        rows = screen->rows;
        if (screen->term)
                term_size(screen->term, &cols, &rows);
        stage_page(screen->stage, rows);
        stage_view(screen->stage, &view);
        grid_init(&grid, cols, rows);
        ui_draw(&view, &grid);
        stage_drawn(screen->stage);
        record(screen, &view, &grid);
        if (screen->term)
                term_draw(screen->term, &grid, screen->all || stage_wants_redraw(screen->stage));
        grid_finish(&grid);
        screen->all = false;
        screen->drawn_ms = time_now_ms();
        screen->due_ms = (screen->due_ms > screen->drawn_ms ? screen->due_ms : screen->drawn_ms) + FRAME_MS;
        is_blocked(screen);
        screen->loop.quit = screen->loop.quit || (screen->term && term_error(screen->term));
}

static uint64_t next_frame_ms(const struct screen *screen)
{
        const uint64_t early_ms = (uint64_t)EARLY_FRAMES * FRAME_MS;

        return screen->due_ms > early_ms ? screen->due_ms - early_ms : 1;
}

static void on_room(void *data, int fd, short events)
{
        struct screen *screen = data;

        (void)fd;
        (void)events;
        if (!is_blocked(screen))
                draw(screen);
}

static void suspend(struct screen *screen)
{
        if (!screen->term) {
                raise(SIGSTOP);
                return;
        }
        term_suspend(screen->term);
        screen->all = true;
        draw(screen);
}

static void copy_line(struct screen *screen)
{
        const char *line = stage_wants_copy(screen->stage);

        if (!line)
                return;
        free(screen->copied);
        screen->copied = xstrdup(line);
        stage_copied(screen->stage, term_copy(screen->term, line));
}

/* Takes the keys that are there, for a while: the rest comes after what else is to be done. */
static void take_keys(struct screen *screen)
{
        uint64_t end = time_now_ms() + FRAME_MS;
        struct mouse mouse = { 0 };
        char key[32];

        screen->more = false;
        while (!screen->more && !stage_wants_quit(screen->stage) &&
               term_key(screen->term, key, sizeof(key))) {
                if (!mouse_feed(&mouse, screen->stage, screen->term, key))
                        stage_press(screen->stage, key);
                copy_line(screen);
                if (stage_wants_record(screen->stage))
                        toggle_recording(screen);
                if (stage_wants_suspend(screen->stage))
                        suspend(screen);
                screen->more = time_now_ms() >= end;
        }
        mouse_settle(&mouse, screen->stage, screen->term);
}

static void on_key(void *data, int fd, short events)
{
        struct screen *screen = data;

        (void)fd;
        take_keys(screen);
        /* The terminal went away. */
        if (events & (POLLHUP | POLLERR | POLLNVAL))
                screen->loop.quit = true;
        if (stage_wants_quit(screen->stage))
                screen->loop.quit = true;
        else if (stage_is_dirty(screen->stage))
                draw(screen);
        screen->due_ms = time_now_ms();
}

static void on_signal(void *data, int fd, short events)
{
        struct screen *screen = data;
        struct signalfd_siginfo info;

        (void)events;
        /* Who is to end does not stop any more, and was continued for that alone where he was stopped. */
        while (!screen->loop.quit && read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
                switch (info.ssi_signo) {
                case SIGTSTP:
                        suspend(screen);
                        break;
                case SIGCONT:
                        if (screen->term)
                                term_resume(screen->term);
                        draw(screen);
                        break;
                case SIGWINCH:
                        if (screen->term)
                                term_resized(screen->term);
                        draw(screen);
                        break;
                default:
                        if (!screen->term)
                                screen->interrupted = (int)info.ssi_signo;
                        screen->loop.quit = true;
                }
        }
}

/* All that would end vitrine unasked and is no fault of its own (term/crash.h) leaves by the door, and so
 * gives the terminal back. What has gone and is written to is said by errno. */
static int open_signals(void)
{
        static const int read_later[] = { SIGWINCH,  SIGTSTP, SIGCONT, SIGTERM, SIGHUP,
                                          SIGINT,    SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM,
                                          SIGVTALRM, SIGPROF, SIGXCPU, SIGIO,   SIGPWR };
        sigset_t set;

        sigemptyset(&set);
        for (size_t i = 0; i < sizeof(read_later) / sizeof(read_later[0]); i++)
                sigaddset(&set, read_later[i]);
        signal(SIGPIPE, SIG_IGN);
        sigprocmask(SIG_BLOCK, &set, NULL);
        return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Draws what changed; a key is answered at once. */
static bool run_loop(struct screen *screen, struct fault *fault)
{
        draw(screen);
        while (!screen->loop.quit) {
                uint64_t wake = stage_wake_ms(screen->stage), now;

                if (stage_is_dirty(screen->stage) && !screen->blocked)
                        wake = next_frame_ms(screen);
                screen->loop.wake_ms = screen->more ? screen->drawn_ms : wake;
                if (!loop_step(&screen->loop))
                        return fault_errno(fault, "", "wait for keys and for the container");
                if (screen->more)
                        on_key(screen, term_fd(screen->term), 0);
                now = time_now_ms();
                if (wake && now >= wake)
                        stage_tick(screen->stage);
                if (stage_wants_quit(screen->stage))
                        screen->loop.quit = true;
                else if (stage_is_dirty(screen->stage) && now >= next_frame_ms(screen))
                        draw(screen);
        }
        errno = screen->term ? term_error(screen->term) : 0;
        return errno == 0 || fault_errno(fault, "", "use the terminal");
}

/* Not every terminal has a clipboard. What a line may hold that is no text stays off the terminal here too.
 */
static void print_copied(const char *line)
{
        while (line && *line) {
                size_t n = strcspn(line, "\n");
                own_free char *safe = text_escape(line, n, false);

                printf("%s\n", safe);
                line += n + (line[n] == '\n');
        }
        fflush(stdout);
}

static bool open_recorder(struct screen *screen, const struct view_flags *views,
                          const struct tui_recording *recording, struct fault *fault)
{
        struct recorder_settings settings = { .scheme = views->scheme, .ascii = views->ascii };
        int cols = screen->cols, rows = screen->rows;

        if (recording)
                settings = (struct recorder_settings){ .cast = recording->cast,
                                                       .html = recording->html,
                                                       .title = recording->title,
                                                       .captions = recording->captions,
                                                       .scheme = views->scheme,
                                                       .ascii = views->ascii };
        else if (*views->record)
                settings.cast = views->record;
        screen->asked_record = settings.cast || settings.html;
        if (!screen->asked_record)
                return true;
        if (screen->term) {
                settings.ascii = term_is_ascii(screen->term);
                settings.mono = term_is_mono(screen->term);
                term_size(screen->term, &cols, &rows);
        }
        return recorder_open(&settings, cols, rows, &screen->recorder, fault);
}

/* The terminal, or none where a size is given. */
static bool open_screen(struct screen *screen, const struct view_flags *views,
                        const struct tui_recording *recording, struct fault *fault)
{
        struct term_settings asked = { .ascii = views->ascii,
                                       .mouse = !views->no_mouse,
                                       .scheme = views->scheme };
        const char *no_color = getenv("NO_COLOR");

        asked.mono = no_color && *no_color;
        screen->scheme = views->scheme;
        screen->cols = recording ? recording->cols : 0;
        screen->rows = recording ? recording->rows : 0;
        if (screen->cols == 0 && !term_open(&asked, &screen->term, fault))
                return false;
        return open_recorder(screen, views, recording, fault);
}

static struct stage_settings stage_settings_of(const struct screen *screen, const struct view_flags *views)
{
        struct stage_settings settings = { .host_mode = screen->recorder ? HOST_LINE : HOST_NAMES,
                                           .ascii = screen->term ? term_is_ascii(screen->term) : views->ascii,
                                           .mono = screen->term && term_is_mono(screen->term),
                                           .big = views->big,
                                           .keys = views->keys,
                                           .pinned = screen->recorder != NULL };

        if (strcmp(views->host, "full") == 0)
                settings.host_mode = HOST_FULL;
        else if (strcmp(views->host, "names") == 0)
                settings.host_mode = HOST_NAMES;
        else if (strcmp(views->host, "line") == 0)
                settings.host_mode = HOST_LINE;
        return settings;
}

/* Who records without a terminal waits for the whole of it: less than that is a failure. kept: what there is.
 */
static bool was_interrupted(int sig, const char *kept, struct fault *fault)
{
        fault_why(fault, "record the lesson", "interrupted; %s", kept);
        return fault_exit(fault, EXIT_BY_SIGNAL + sig);
}

/* attach: a container that was joined, in place of one that spec launches; or NULL. begin is for the latter.
 */
static bool run(struct screen *screen, const struct spec *spec, struct attach *attach,
                const struct stage_settings *settings, tui_begin *begin, void *data, struct fault *fault)
{
        bool ok = attach ? stage_open_attached(attach, settings, &screen->loop, &screen->stage, fault)
                         : stage_open(spec, settings, &screen->loop, &screen->stage, fault);
        own_free char *kept = NULL;

        if (!ok)
                return false;
        stage_watch_keys(screen->stage, on_key_seen, screen);
        if (begin && !begin(screen->stage, data, fault))
                return false;
        if (screen->term)
                loop_watch(&screen->loop, term_fd(screen->term), POLLIN, on_key, screen);
        ok = run_loop(screen, fault);
        if (screen->interrupted && screen->recorder)
                kept = recorder_kept(screen->recorder);
        if (screen->recorder)
                end_recording(screen, "");
        if (stage_fault(screen->stage))
                *fault = *stage_fault(screen->stage);
        else if (ok && screen->record_fault.step[0])
                *fault = screen->record_fault;
        else if (ok && kept)
                return was_interrupted(screen->interrupted, kept, fault);
        return ok && !stage_fault(screen->stage) && !screen->record_fault.step[0];
}

static bool show(const struct spec *spec, struct attach *attach, const struct view_flags *views,
                 const struct tui_recording *recording, tui_begin *begin, void *data, struct fault *fault)
{
        struct screen screen = { 0 };
        struct stage_settings settings;
        struct fault late = { 0 };
        own_fd int signals = -1;
        bool ok;

        memory_give_back();
        loop_init(&screen.loop);
        signals = open_signals();
        if (signals < 0)
                return fault_errno(fault, "", "watch for signals");
        loop_watch(&screen.loop, signals, POLLIN, on_signal, &screen);
        ok = open_screen(&screen, views, recording, fault);
        if (ok) {
                settings = stage_settings_of(&screen, views);
                ok = run(&screen, spec, attach, &settings, begin, data, fault);
        }
        recorder_close(screen.recorder, &late);
        term_close(screen.term);
        print_copied(screen.copied);
        free(screen.copied);
        stage_close(screen.stage);
        return ok;
}

bool tui_show_attached(struct attach *attach, const struct view_flags *views, struct fault *fault)
{
        return show(NULL, attach, views, NULL, NULL, NULL, fault);
}

bool tui_show(const struct spec *spec, const struct view_flags *views, tui_begin *begin, void *data,
              struct fault *fault)
{
        return show(spec, NULL, views, NULL, begin, data, fault);
}

bool tui_record(const struct spec *spec, const struct view_flags *views,
                const struct tui_recording *recording, tui_begin *begin, void *data, struct fault *fault)
{
        return show(spec, NULL, views, recording, begin, data, fault);
}

int cmd_tui(int argc, char **argv)
{
        struct view_flags views = { 0 };
        struct fault fault = { 0 };
        struct spec spec;
        int exit_code = 0;

        if (!command_parse(command_find("tui"), argc, argv, &spec, &views, &exit_code))
                return exit_code;
        if (!*spec.image) {
                free(spec.image);
                spec.image = xstrdup("ubuntu");
                strv_add(&spec.args, "sleep");
                strv_add(&spec.args, "3600");
        }
        if (!tui_show(&spec, &views, NULL, NULL, &fault))
                exit_code = fault_print(&fault, false);
        spec_finish(&spec);
        return exit_code;
}
