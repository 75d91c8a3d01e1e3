/* SPDX-License-Identifier: MIT */
/* The screen of a container that was recorded: the program's drawing and its terminal without a kernel behind
 * them, so that a memory checker sees those alone. Starts nothing, reads no /proc.
 *
 *     replay FOLDER [ascii] [mono]
 *
 * Keys are those of the table of actions; K and u show the moment that the key would have led to. */
#include "config.h"

#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "snapshot/snapshot.h"
#include "stage/action.h"
#include "stage/view.h"
#include "term/term.h"
#include "ui/ui.h"

enum { TABLE_MAX = 1 << 20, KEEPER_OF_INIT = 2, FIRST_CAP = 5, PAGE = 8, KILL_BIT = 5 };
enum moment { FIRST, NO_KILL, STUDENT, MOMENTS_N };

static const char *const names[MOMENTS_N] = { "first", "no-kill", "student" };
static const pid_t inits[MOMENTS_N] = { 3301, 3324, 3342 };

struct replay {
        const char *folder;
        struct term *term;
        struct spec spec;
        struct snapshot now, before;
        struct view view;
        enum moment moment;
        bool quit, all;
};

static bool load_table(const char *folder, enum moment moment, const char *side, struct proc_table *ret)
{
        own_free char *path = xasprintf("%s/%s-%s.table", folder, names[moment], side);
        own_free char *data = NULL;
        size_t n;

        if (!io_read_file(AT_FDCWD, path, TABLE_MAX, &data, &n)) {
                perror(path);
                return false;
        }
        if (proc_table_unpack(data, n, ret))
                return true;
        fprintf(stderr, "%s: no table (of this machine's byte order)\n", path);
        return false;
}

static void join(enum moment moment, const struct proc_table *host, const struct proc_table *container,
                 struct snapshot *ret)
{
        static const char passwd[] =
                "root:x:0:0::/root:/bin/sh\nstudent:x:1000:1000::/home/student:/bin/sh\n";
        struct host_name host_names[] = { { 0, "root" }, { 1000, "alice" } };
        const struct id_map map = { .n = 1, .v = { { 0, 0, UINT32_MAX } } };
        struct ns_ids ns = { 0 };

        for (unsigned i = 0; i < NS_T_N; i++) {
                ns.host[i] = UINT64_C(4026531836) + i;
                ns.container[i] = ns.host[i] + (i == NS_T_USER || i == NS_T_TIME ? 0 : 1000);
        }
        snapshot_join(&(struct snapshot_input){ .host = host,
                                                .container = container,
                                                .host_names = &(struct host_names){ host_names, 2 },
                                                .users = &(struct users){ .passwd = passwd, .group = "" },
                                                .init_host = inits[moment],
                                                .keeper = inits[moment] - KEEPER_OF_INIT,
                                                .ns = &ns,
                                                .uid_map = &map,
                                                .gid_map = &map,
                                                .mode = MODE_ROOT },
                      ret);
}

static bool load(const char *folder, enum moment moment, struct snapshot *ret)
{
        struct proc_table host = { 0 }, container = { 0 };
        bool ok = load_table(folder, moment, "host", &host) &&
                  load_table(folder, moment, "container", &container);

        if (ok)
                join(moment, &host, &container, ret);
        proc_table_finish(&host);
        proc_table_finish(&container);
        return ok;
}

/* Turns to another moment; the one before stays, for what is marked as changed. */
static void turn_to(struct replay *replay, enum moment moment)
{
        struct snapshot next;

        if (!load(replay->folder, moment, &next))
                exit(1);
        if (replay->view.before)
                snapshot_finish(&replay->before);
        replay->before = replay->now;
        replay->now = next;
        replay->view.before = &replay->before;
        replay->view.can_undo = true;
        replay->moment = moment;
}

static void move(struct view *view, enum action_id id)
{
        int by = id == ACT_UP ? -1 : id == ACT_DOWN ? 1 : id == ACT_PAGE_UP ? -PAGE : PAGE;
        int bit = (int)view->cap + (id == ACT_LEFT ? 1 : id == ACT_RIGHT ? -1 : -4 * by);

        if (view->help)
                view->help_scroll += by;
        else if (view->focus != PANE_CAPS)
                view->scroll[view->focus] += by;
        else if (bit >= 0 && bit < CAPS_N)
                view->cap = (unsigned)bit;
        view->scrolled = view->scroll[PANE_HOST] != 0;
}

static void toggle_dialog(struct view *view)
{
        bool open = view->dialog_title != NULL;

        view->dialog_title = open ? NULL : "A privileged container?";
        view->dialog_text =
                open ? NULL : "Nothing stands behind this question: the container is a recording.";
}

static void act(struct replay *replay, enum action_id id)
{
        struct view *view = &replay->view;

        if (id == ACT_QUIT) {
                replay->quit = true;
        } else if (id == ACT_KILL) {
                spec_toggle_cap(&replay->spec, KILL_BIT);
                turn_to(replay, replay->moment == NO_KILL ? FIRST : NO_KILL);
        } else if (id == ACT_USER) {
                turn_to(replay, replay->moment == STUDENT ? FIRST : STUDENT);
        } else if (id == ACT_HELP) {
                view->help = !view->help;
                view->help_scroll = 0;
        } else if (id == ACT_PRIVILEGED) {
                toggle_dialog(view);
        } else if (id == ACT_NEXT_PANE) {
                do
                        view->focus = (view->focus + 1) % PANE_N;
                while (view->focus > PANE_CAPS); /* the namespaces have a key of their own */
        } else if (id == ACT_FOLLOW) {
                memset(view->scroll, 0, sizeof(view->scroll));
                view->scrolled = false;
        } else if (id == ACT_REDRAW) {
                replay->all = true;
        } else if (id <= ACT_DOWN || id == ACT_PAGE_DOWN || id == ACT_PAGE_UP) {
                move(view, id);
        }
}

static void draw(struct replay *replay)
{
        own_free char *line = spec_line(&replay->spec, "docker");
        struct grid grid;
        int cols, rows;

        term_size(replay->term, &cols, &rows);
        replay->view.line = line;
        grid_init(&grid, cols, rows);
        ui_draw(&replay->view, &grid);
        term_draw(replay->term, &grid, replay->all);
        grid_finish(&grid);
        replay->all = false;
}

static void run(struct replay *replay, int signals)
{
        struct pollfd fds[] = { { .fd = term_fd(replay->term), .events = POLLIN },
                                { .fd = signals, .events = POLLIN },
                                { .fd = term_out_fd(replay->term), .events = POLLOUT } };

        draw(replay);
        /* A frame that the terminal has not taken whole goes on when there is room. */
        while (!replay->quit && poll(fds, term_flush(replay->term) ? 2 : 3, -1) > 0) {
                struct signalfd_siginfo info;
                char key[32];

                if (fds[0].revents & (POLLHUP | POLLERR))
                        return;
                if (read(signals, &info, sizeof(info)) > 0)
                        term_resized(replay->term);
                while (!replay->quit && term_key(replay->term, key, sizeof(key))) {
                        const struct action *action = action_of_key(key);

                        if (action)
                                act(replay, action->id);
                }
                draw(replay);
        }
}

static struct view first_view(const struct replay *replay)
{
        return (struct view){ .spec = &replay->spec,
                              .image_note = "image ubuntu is not on this machine: demo root",
                              .trouble = "",
                              .now = &replay->now,
                              .rules = caps_rules(ENGINE_DOCKER),
                              .state = RUN_RUNNING,
                              .clock_ms = 142000,
                              .started_ms = 100000,
                              .focus = PANE_CAPS,
                              .cap = FIRST_CAP,
                              .host_mode = HOST_NAMES,
                              .ascii = term_is_ascii(replay->term),
                              .mono = term_is_mono(replay->term) };
}

static int open_signals(void)
{
        sigset_t set;

        sigemptyset(&set);
        sigaddset(&set, SIGWINCH);
        sigprocmask(SIG_BLOCK, &set, NULL);
        return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int main(int argc, char **argv)
{
        struct replay replay = { .folder = argc > 1 ? argv[1] : "." };
        struct term_settings settings = { 0 };
        struct fault fault = { 0 };
        own_fd int signals = open_signals();

        setlocale(LC_ALL, "");
        for (int i = 2; i < argc; i++) {
                settings.ascii = settings.ascii || strcmp(argv[i], "ascii") == 0;
                settings.mono = settings.mono || strcmp(argv[i], "mono") == 0;
        }
        if (!load(replay.folder, FIRST, &replay.now))
                return 1;
        if (!term_open(&settings, &replay.term, &fault)) {
                fprintf(stderr, "%s\n", fault.why);
                return fault.exit_code;
        }
        spec_init(&replay.spec);
        free(replay.spec.image);
        replay.spec.image = xstrdup("ubuntu");
        replay.view = first_view(&replay);
        run(&replay, signals);
        term_close(replay.term);
        if (replay.view.before)
                snapshot_finish(&replay.before);
        snapshot_finish(&replay.now);
        spec_finish(&replay.spec);
        return 0;
}
