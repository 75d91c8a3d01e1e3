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
#include "stage/stage.h"
#include "term/term.h"
#include "ui/ui.h"

enum { FRAME_MS = 33 };

struct screen {
        struct loop loop;
        struct term *term;
        struct stage *stage;
        uint64_t drawn_ms;
        bool all; /* everything anew with the next frame */
};

static void draw(struct screen *screen)
{
        struct view view;
        struct grid grid;
        int cols, rows;

        term_size(screen->term, &cols, &rows);
        stage_page(screen->stage, rows);
        stage_view(screen->stage, &view);
        grid_init(&grid, cols, rows);
        ui_draw(&view, &grid);
        term_draw(screen->term, &grid, screen->all || stage_wants_redraw(screen->stage));
        grid_finish(&grid);
        screen->all = false;
        screen->drawn_ms = time_now_ms();
}

static void on_key(void *data, int fd, short events)
{
        struct screen *screen = data;
        char key[32];

        (void)fd;
        while (!stage_wants_quit(screen->stage) && term_key(screen->term, key, sizeof(key)))
                stage_press(screen->stage, key);
        /* The terminal went away. */
        if (events & (POLLHUP | POLLERR | POLLNVAL))
                screen->loop.quit = true;
        if (stage_wants_quit(screen->stage))
                screen->loop.quit = true;
        else if (stage_is_dirty(screen->stage))
                draw(screen);
}

static void on_signal(void *data, int fd, short events)
{
        struct screen *screen = data;
        struct signalfd_siginfo info;

        (void)events;
        while (read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
                if (info.ssi_signo != SIGWINCH) {
                        screen->loop.quit = true;
                        continue;
                }
                term_resized(screen->term);
                draw(screen);
        }
}

static int open_signals(void)
{
        sigset_t set;

        sigemptyset(&set);
        sigaddset(&set, SIGWINCH);
        sigaddset(&set, SIGTERM);
        sigaddset(&set, SIGHUP);
        sigaddset(&set, SIGINT);
        sigaddset(&set, SIGQUIT);
        sigprocmask(SIG_BLOCK, &set, NULL);
        return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Draws what changed, at most thirty frames a second; a key is answered at once. */
static void run_loop(struct screen *screen)
{
        draw(screen);
        while (!screen->loop.quit) {
                uint64_t wake = stage_wake_ms(screen->stage), now;

                if (stage_is_dirty(screen->stage))
                        wake = screen->drawn_ms + FRAME_MS;
                screen->loop.wake_ms = wake;
                if (!loop_step(&screen->loop))
                        return;
                now = time_now_ms();
                if (wake && now >= wake)
                        stage_tick(screen->stage);
                if (stage_wants_quit(screen->stage))
                        screen->loop.quit = true;
                else if (stage_is_dirty(screen->stage) && now >= screen->drawn_ms + FRAME_MS)
                        draw(screen);
        }
}

static bool show(const struct spec *spec, const struct view_flags *views, struct fault *fault)
{
        struct screen screen = { 0 };
        struct stage_settings settings = { .host_mode = HOST_NAMES };
        struct term_settings asked = { .ascii = views->ascii };
        const char *no_color = getenv("NO_COLOR");
        own_fd int signals = -1;
        bool ok;

        asked.mono = no_color && *no_color;
        loop_init(&screen.loop);
        signals = open_signals();
        if (signals < 0)
                return fault_errno(fault, "", "watch for signals");
        if (!term_open(&asked, &screen.term, fault))
                return false;
        settings.ascii = term_is_ascii(screen.term);
        settings.mono = term_is_mono(screen.term);
        if (strcmp(views->host, "full") == 0)
                settings.host_mode = HOST_FULL;
        else if (strcmp(views->host, "line") == 0)
                settings.host_mode = HOST_LINE;
        ok = stage_open(spec, &settings, &screen.loop, &screen.stage, fault);
        if (ok) {
                loop_watch(&screen.loop, signals, POLLIN, on_signal, &screen);
                loop_watch(&screen.loop, term_fd(screen.term), POLLIN, on_key, &screen);
                run_loop(&screen);
                ok = stage_fault(screen.stage) == NULL;
                if (!ok)
                        *fault = *stage_fault(screen.stage);
        }
        term_close(screen.term);
        stage_close(screen.stage);
        return ok;
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
        if (!show(&spec, &views, &fault))
                exit_code = fault_print(&fault, false);
        spec_finish(&spec);
        return exit_code;
}
