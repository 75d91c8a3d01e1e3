/* SPDX-License-Identifier: MIT */
/* Key P: the kernel is asked about every capability, and the cells carry its verdicts. */
#include "config.h"

#include <stdio.h>

#include "base/own.h"
#include "base/str.h"
#include "stage/stage_state.h"

static void end_run(struct stage *stage)
{
        if (!stage->prober.run)
                return;
        loop_forget(stage->loop, probe_fd(stage->prober.run));
        probe_end(stage->prober.run);
        stage->prober.run = NULL;
}

static void on_verdicts(void *data, int fd, short events)
{
        struct stage *stage = data;
        struct prober *prober = &stage->prober;
        struct fault fault = { 0 };
        char line[700];
        int got = probe_read(prober->run, &prober->set, &fault);

        (void)fd, (void)events;
        if (got == 0)
                return;
        end_run(stage);
        prober->known = prober->shown = got > 0;
        if (got < 0) {
                fault_line(&fault, line, sizeof(line));
                snprintf(prober->why, sizeof(prober->why), "%.190s", line);
                stage_say_fault(stage, &fault);
        }
        stage->dirty = true;
        player_moved(stage);
}

bool stage_probe(struct stage *stage, struct fault *fault)
{
        own_free char *helper = launch_helper("vitrine-probe");

        end_run(stage);
        if (!stage_is_up(stage))
                return fault_why(fault, "probe", "no container runs: r starts it again");
        if (!stage->launch.cage)
                return fault_why(fault, "probe", "this container was started by somebody else");
        if (!probe_start(helper, stage->launch.cage, &stage->prober.run, fault))
                return false;
        stage->prober.known = stage->prober.shown = false;
        stage->prober.why[0] = '\0';
        loop_watch(stage->loop, probe_fd(stage->prober.run), POLLIN, on_verdicts, stage);
        stage->dirty = true;
        return true;
}

void stage_press_probe(struct stage *stage)
{
        struct fault fault = { 0 };

        if (stage->prober.run) {
                stage_say(stage, "the kernel is being asked");
                return;
        }
        if (!stage_probe(stage, &fault))
                stage_say_fault(stage, &fault);
}

void stage_hide_verdicts(struct stage *stage)
{
        end_run(stage);
        stage->prober.shown = false;
}

void stage_forget_verdicts(struct stage *stage)
{
        stage_hide_verdicts(stage);
        stage->prober.known = false;
}

jv stage_verdicts_json(const struct stage *stage)
{
        return stage->prober.known ? probe_rows_json(&stage->prober.set) : jv_array();
}

void stage_probe_view(struct stage *stage, struct view *view)
{
        struct prober *prober = &stage->prober;
        const unsigned bit = stage->topic - INFO_CAP;

        if (!prober->shown)
                return;
        view->verdicts = prober->set.rows;
        if (!stage->info || stage->topic < INFO_CAP)
                return;
        probe_sentence(&prober->set.rows[bit], prober->words, sizeof(prober->words));
        snprintf(prober->info, sizeof(prober->info), "%s %s", view->info_text, prober->words);
        view->info_text = prober->info;
}
