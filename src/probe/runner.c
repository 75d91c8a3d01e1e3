/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "probe/runner.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "cage/chamber.h"
#include "cage/child.h"
#include "probe/asks.h"
#include "probe/proto.h"

enum { ANSWER_MS = 2000 };

/* In memory that is shared with the child. */
struct slot {
        struct probe_answer answer;
        int queue; /* a message queue that the child has made, or -1 */
        pid_t pid; /* 0: none runs */
};

/* What a round asks a row with; NULL: nothing. */
typedef const struct plan *choose_plan(struct runner *runner, unsigned bit,
                                       const struct probe_answers *so_far);

bool runner_init(struct runner *runner, const struct plan *plan, pid_t bystander, struct fault *fault)
{
        sigset_t children;
        void *page;

        *runner = (struct runner){ .plan = plan, .bare = *plan };
        runner->bare.fixed.n_filter = 0;
        runner->bare.fixed.no_new_privileges = false;
        page = mmap(NULL, CAPS_N * sizeof(*runner->slots), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                    -1, 0);
        sigemptyset(&children);
        sigaddset(&children, SIGCHLD);
        if (page == MAP_FAILED || sigprocmask(SIG_BLOCK, &children, NULL) < 0)
                return fault_errno(fault, "", "begin to probe");
        runner->slots = page;
        return fixtures_make(&plan->fixed, bystander, &runner->fixtures, fault);
}

/* What a question needs is made as the caller, before anything is given up; the filter comes as at the start
 * of a container. */
static void be_asker(const struct runner *runner, unsigned bit, const struct plan *plan)
{
        const struct ask_row *row = ask_row(bit);
        struct child child = { .plan = plan, .sock = -1 };
        struct ask ask = { .fixtures = &runner->fixtures, .fd = -1, .queue = &runner->slots[bit].queue };
        struct probe_answer *answer = &runner->slots[bit].answer;
        struct probe_answer ready;

        close(PROBE_CONTROL);
        /* Else /proc/self belongs to root: EACCES comes before the question. */
        if (!caller_become(&plan->fixed) || prctl(PR_SET_DUMPABLE, 1) < 0) {
                *answer = answer_unprepared();
                return;
        }
        ready = row->prepare ? row->prepare(&ask) : answer_ready();
        if (ready.kind == ANSWER_RESULT && ready.err == 0 && !child_take_identity(&child))
                ready = (struct probe_answer){ .kind = ANSWER_UNPREPARED, .err = child.fault.err };
        if (ready.kind != ANSWER_RESULT || ready.err != 0) {
                *answer = ready;
                return;
        }
        *answer = row->question(&ask);
        if (answer->kind == ANSWER_UNPREPARED)
                answer->kind = ANSWER_STOPPED;
}

/* Has ended, with this status. */
static void note_end(struct slot *slot, int status, bool late)
{
        if (slot->queue >= 0)
                msgctl(slot->queue, IPC_RMID, NULL);
        if (slot->answer.kind == ANSWER_NONE)
                slot->answer = (struct probe_answer){ .kind = late ? ANSWER_LATE : ANSWER_NONE,
                                                      .err = WIFSIGNALED(status) ? WTERMSIG(status) : 0 };
        slot->pid = 0;
}

static bool reap(struct runner *runner)
{
        bool some = false;

        for (unsigned bit = 0; bit < CAPS_N; bit++) {
                struct slot *slot = &runner->slots[bit];
                int status = 0;

                if (slot->pid > 0 && waitpid(slot->pid, &status, WNOHANG) > 0)
                        note_end(slot, status, false);
                some = some || slot->pid > 0;
        }
        return some;
}

/* Until all have ended; those that their kernel or their filter keeps from ending are killed. */
static void await_all(struct runner *runner)
{
        const uint64_t until = time_now_ms() + ANSWER_MS;
        sigset_t children;

        sigemptyset(&children);
        sigaddset(&children, SIGCHLD);
        while (reap(runner)) {
                const uint64_t now = time_now_ms();
                const struct timespec rest = { .tv_sec = (time_t)((until - now) / 1000),
                                               .tv_nsec = (long)((until - now) % 1000) * 1000000 };

                if (now >= until)
                        break;
                sigtimedwait(&children, NULL, &rest);
        }
        for (unsigned bit = 0; bit < CAPS_N; bit++) {
                int status = 0;

                if (runner->slots[bit].pid <= 0)
                        continue;
                kill(runner->slots[bit].pid, SIGKILL);
                waitpid(runner->slots[bit].pid, &status, 0);
                note_end(&runner->slots[bit], status, true);
        }
        unlink(CHAMBER_BOX "/null");
}

static void start(struct runner *runner, unsigned bit, const struct plan *plan)
{
        struct slot *slot = &runner->slots[bit];

        *slot = (struct slot){ .answer = { .kind = ANSWER_NONE }, .queue = -1 };
        for (int tries = 0; tries < 2; tries++) {
                const pid_t pid = fork();

                if (pid == 0) {
                        be_asker(runner, bit, plan);
                        _exit(0);
                }
                slot->pid = pid > 0 ? pid : 0;
                if (pid > 0)
                        return;
                slot->answer = answer_unprepared();
                await_all(runner); /* the limit of processes: those that run make room */
        }
}

/* Asks all rows once, at the same time. */
static void round_of(struct runner *runner, choose_plan *choose, const struct probe_answers so_far[CAPS_N])
{
        for (unsigned bit = 0; bit < CAPS_N; bit++) {
                const struct plan *plan = probe_row(bit)->none ? NULL : choose(runner, bit, &so_far[bit]);

                runner->slots[bit] = (struct slot){ .queue = -1 };
                if (plan)
                        start(runner, bit, plan);
        }
        await_all(runner);
}

/* These capabilities alone, unfiltered. The bounding set stays whole: none of the calls looks at it. */
static const struct plan *with_caps(struct runner *runner, uint64_t caps)
{
        runner->bare.fixed.caps =
                (struct plan_caps){ .effective = caps, .permitted = caps, .bounding = UINT64_MAX };
        return &runner->bare;
}

static const struct plan *choose_control(struct runner *runner, unsigned bit,
                                         const struct probe_answers *so_far)
{
        (void)bit, (void)so_far;
        return with_caps(runner, 0);
}

static const struct plan *choose_alone(struct runner *runner, unsigned bit,
                                       const struct probe_answers *so_far)
{
        (void)so_far;
        return with_caps(runner, runner->plan->fixed.caps.effective & caps_bit(bit));
}

static const struct plan *choose_as_is(struct runner *runner, unsigned bit,
                                       const struct probe_answers *so_far)
{
        (void)bit, (void)so_far;
        return runner->plan;
}

/* All that the runner itself has. */
static uint64_t all_caps(void)
{
        cap_t caps = cap_get_proc();
        uint64_t mask = 0;

        for (cap_value_t bit = 0; caps && bit < CAPS_N; bit++) {
                cap_flag_value_t permitted = CAP_CLEAR;

                if (cap_get_flag(caps, bit, CAP_PERMITTED, &permitted) == 0 && permitted == CAP_SET)
                        mask |= caps_bit((unsigned)bit);
        }
        if (caps)
                cap_free(caps);
        return mask;
}

static const struct plan *choose_extra(struct runner *runner, unsigned bit,
                                       const struct probe_answers *so_far)
{
        switch (probe_wants_extra(probe_row(bit), so_far)) {
        case EXTRA_NONE:
                break;
        case EXTRA_FULL:
                return with_caps(runner, all_caps());
        case EXTRA_UNFILTERED:
                runner->bare.fixed.caps = runner->plan->fixed.caps;
                return &runner->bare;
        }
        return NULL;
}

/* Which of the others alone is let through in its place. */
static int find_stand_in(struct runner *runner, unsigned bit)
{
        const uint64_t held = runner->plan->fixed.caps.effective;

        for (unsigned other = 0; other < CAPS_N; other++) {
                if (other == bit || !(held & caps_bit(other)))
                        continue;
                start(runner, bit, with_caps(runner, caps_bit(other)));
                await_all(runner);
                if (probe_is_passed(probe_row(bit), &runner->slots[bit].answer))
                        return (int)other;
        }
        return -1;
}

/* Whoever waits for the answers has gone. */
static bool is_alone(void)
{
        struct pollfd control = { .fd = PROBE_CONTROL, .events = POLLRDHUP };

        return poll(&control, 1, 0) > 0;
}

bool runner_ask_all(struct runner *runner, struct probe_answers ret[static CAPS_N])
{
        static const struct {
                choose_plan *choose;
                size_t into; /* of struct probe_answers */
        } rounds[] = {
                { choose_control, offsetof(struct probe_answers, control) },
                { choose_alone, offsetof(struct probe_answers, alone) },
                { choose_as_is, offsetof(struct probe_answers, as_is) },
                { choose_extra, offsetof(struct probe_answers, extra) },
        };

        for (unsigned bit = 0; bit < CAPS_N; bit++)
                ret[bit] = (struct probe_answers){ .stand_in = -1 };
        for (size_t i = 0; i < sizeof(rounds) / sizeof(rounds[0]); i++) {
                round_of(runner, rounds[i].choose, ret);
                for (unsigned bit = 0; bit < CAPS_N; bit++)
                        memcpy((char *)&ret[bit] + rounds[i].into, &runner->slots[bit].answer,
                               sizeof(struct probe_answer));
                if (is_alone())
                        return false;
        }
        for (unsigned bit = 0; bit < CAPS_N; bit++) {
                const struct probe_row *row = probe_row(bit);

                if (probe_is_refused(row, &ret[bit].control) && probe_is_refused(row, &ret[bit].alone) &&
                    probe_is_passed(row, &ret[bit].as_is))
                        ret[bit].stand_in = find_stand_in(runner, bit);
        }
        return true;
}
