/* SPDX-License-Identifier: MIT */
/* Key x: the shell inside, who gets the keys, and what would be lost with the container. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "stage/stage_state.h"

enum { USUAL_COLS = 80, USUAL_ROWS = 24 };

static void end_shell(struct stage *stage)
{
        shell_close(stage->shell);
        stage->shell = NULL;
        stage->in_shell = false;
        stage->dirty = true;
}

static void on_shell(void *data)
{
        struct stage *stage = data;
        struct fault fault;
        int status;

        stage->dirty = true;
        if (!shell_has_ended(stage->shell, &status))
                return;
        if (shell_fault(stage->shell)) {
                fault = *shell_fault(stage->shell);
                end_shell(stage);
                stage_say_fault(stage, &fault);
                return;
        }
        end_shell(stage);
        stage_say(stage, "shell ended: exit %d", status);
}

void stage_open_shell(struct stage *stage)
{
        int cols = stage->reach.shell_cols, rows = stage->reach.shell_rows;
        struct fault fault = { 0 };

        if (!stage->shell && !stage_is_up(stage)) {
                stage_say(stage, "no container runs: r starts it again");
                return;
        }
        if (!stage->shell && !shell_open(stage->id, stage->loop, cols ? cols : USUAL_COLS,
                                         rows ? rows : USUAL_ROWS, on_shell, stage, &stage->shell, &fault)) {
                stage_say_fault(stage, &fault);
                return;
        }
        stage->entered = stage->in_shell = stage->dirty = true;
}

bool stage_press_in_shell(struct stage *stage, const char *key)
{
        if (!stage->in_shell || stage->dialog_text)
                return false;
        /* What it does to the screen comes with the shell's own output. */
        if (stage->trouble[0]) {
                stage->trouble[0] = '\0';
                stage->dirty = true;
        }
        stage->asked_quit = false;
        if (strcmp(key, "C-]") == 0) {
                stage->in_shell = false;
                stage->dirty = true;
        } else if (!shell_press(stage->shell, key)) {
                stage_say(stage, "the shell has not read the last keys: this one was left out");
        }
        return true;
}

bool stage_click_shell(struct stage *stage, const struct place *place)
{
        if (stage->in_shell != place->shell)
                stage->dirty = true;
        stage->in_shell = place->shell && stage->shell;
        return place->shell;
}

void stage_shell_view(struct stage *stage, struct view *view)
{
        if (!stage->shell)
                return;
        shell_look(stage->shell, &stage->shell_view);
        stage->shell_view.inside = stage->in_shell;
        view->shell = &stage->shell_view;
        /* No other pane has the keys. */
        if (stage->in_shell)
                view->focus = PANE_N;
}

void stage_drawn(struct stage *stage)
{
        if (stage->shell && stage->reach.shell_cols > 0 &&
            shell_resize(stage->shell, stage->reach.shell_cols, stage->reach.shell_rows))
                stage->dirty = true;
        if (stage->reach.log)
                stage_log_begin(stage);
        demo_drawn(stage);
}

void stage_lose_shell(struct stage *stage)
{
        end_shell(stage);
        stage->entered = false;
}

static bool descends_from(const struct proc_table *table, pid_t pid, pid_t from)
{
        for (size_t steps = 0; steps < table->n && pid > 0; steps++) {
                const struct proc *proc = proc_table_find(table, pid);

                if (pid == from)
                        return true;
                pid = proc ? proc->ppid : 0;
        }
        return false;
}

/* Processes that were started inside beside the container's own: what does not descend from init was, and
 * once somebody has entered here what does may have become its child since. A zombie has ended already; an
 * init that reaps nothing keeps it for good. */
static size_t count_entered(const struct stage *stage)
{
        const struct snapshot *now = &stage->now;
        size_t n = 0;

        for (size_t i = 0; stage->has_now && i < now->n_host; i++) {
                const struct row *row = &now->host[i];

                if (row->tied && row->proc->state != 'Z' && row->proc->pid != now->init_host &&
                    (stage->entered || !descends_from(&now->host_table, row->proc->pid, now->init_host)))
                        n++;
        }
        return n;
}

char *stage_losses(const struct stage *stage)
{
        size_t n = count_entered(stage);
        const char *subject = "A process that was started inside ends";

        /* A command of key ! is there before the eye has seen it. */
        if (n == 0 && runs_busy(&stage->runs))
                n = 1;
        if (stage->state == RUN_ENDED || stage->loses_unasked || (n == 0 && !stage->shell))
                return NULL;
        if (stage->shell && n < 2)
                subject = "The shell ends";
        else if (stage->shell)
                return xasprintf("The shell and what was started inside (%zu processes) end with this "
                                 "container: a change makes a new one.",
                                 n);
        else if (n > 1)
                return xasprintf("%zu processes that were started inside end with this container: a change "
                                 "makes a new one.",
                                 n);
        return xasprintf("%s with this container: a change makes a new one.", subject);
}

void stage_quit(struct stage *stage)
{
        if (!stage->shell) {
                stage->quit = true;
                return;
        }
        stage->pending = PENDING_QUIT;
        spec_copy(&stage->pending_spec, stage_spec(stage));
        stage->dialog_title = "Leave?";
        stage->dialog_text = xstrdup("A shell is open inside: it ends, and the container with it. Leave?");
}
