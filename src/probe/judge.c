/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "probe/judge.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

const char *probe_errno_name(int err, char buf[static 16])
{
        static const struct {
                int err;
                const char *name;
        } names[] = {
                { 0, "" },
                { EPERM, "EPERM" },
                { ENOENT, "ENOENT" },
                { ESRCH, "ESRCH" },
                { ENOEXEC, "ENOEXEC" },
                { EAGAIN, "EAGAIN" },
                { ENOMEM, "ENOMEM" },
                { EACCES, "EACCES" },
                { EFAULT, "EFAULT" },
                { EBUSY, "EBUSY" },
                { EEXIST, "EEXIST" },
                { ENODEV, "ENODEV" },
                { EISDIR, "EISDIR" },
                { EINVAL, "EINVAL" },
                { ENFILE, "ENFILE" },
                { EMFILE, "EMFILE" },
                { ENOTTY, "ENOTTY" },
                { ENOSPC, "ENOSPC" },
                { EROFS, "EROFS" },
                { ENOSYS, "ENOSYS" },
                { EOPNOTSUPP, "EOPNOTSUPP" },
                { EPROTONOSUPPORT, "EPROTONOSUPPORT" },
                { EAFNOSUPPORT, "EAFNOSUPPORT" },
                { ENOBUFS, "ENOBUFS" },
                { EADDRINUSE, "EADDRINUSE" },
                { ECONNREFUSED, "ECONNREFUSED" },
        };

        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
                if (names[i].err == err)
                        return names[i].name;
        snprintf(buf, 16, "errno %d", err);
        return buf;
}

bool probe_is_refused(const struct probe_row *row, const struct probe_answer *answer)
{
        if (answer->kind == ANSWER_TAKEN)
                return true;
        return answer->kind == ANSWER_RESULT && answer->err != 0 &&
               (answer->err == row->refused[0] || answer->err == row->refused[1]);
}

/* Of somebody who is short of something nothing can be told, with a capability or without; nor of one whom
 * the machine itself failed, or who is not what he was to be. */
static bool is_short(const struct probe_answer *answer)
{
        const int err = answer->err;

        if (answer->kind == ANSWER_UNPREPARED)
                return true;
        /* What it takes may be refused, as the call itself: by a filter, or another rule. */
        if (answer->kind == ANSWER_STOPPED)
                return err != EPERM && err != EACCES && err != ENOSYS && err != EAFNOSUPPORT;
        return answer->kind == ANSWER_RESULT &&
               (err == EAGAIN || err == EIO || err == EMFILE || err == ENFILE || err == ENOBUFS ||
                err == ENOMEM || err == ENOSPC);
}

bool probe_is_passed(const struct probe_row *row, const struct probe_answer *answer)
{
        if (answer->kind == ANSWER_KEPT)
                return true;
        return answer->kind == ANSWER_RESULT && answer->err != ENOSYS && !is_short(answer) &&
               !probe_is_refused(row, answer);
}

enum probe_extra probe_wants_extra(const struct probe_row *row, const struct probe_answers *answers)
{
        if (probe_is_passed(row, &answers->alone) && !probe_is_passed(row, &answers->as_is))
                return EXTRA_UNFILTERED;
        if (answers->control.kind == ANSWER_TAKEN && answers->alone.kind == ANSWER_TAKEN &&
            answers->as_is.kind == ANSWER_TAKEN)
                return EXTRA_FULL;
        return EXTRA_NONE;
}

static void set_reason(struct probe_result *result, const char *text)
{
        snprintf(result->reason, sizeof(result->reason), "%s", text ? text : "");
}

/* Why an unfiltered run has no answer; false when it has one. */
static bool cannot(const struct probe_answer *answer, struct probe_result *result)
{
        switch ((enum answer_kind)answer->kind) {
        case ANSWER_RESULT:
                if (is_short(answer)) {
                        snprintf(result->reason, sizeof(result->reason),
                                 "the call did not get that far: %.50s", strerror(answer->err));
                        result->err = answer->err;
                        return true;
                }
                if (answer->err != ENOSYS)
                        return false;
                set_reason(result, "this kernel has no such call");
                result->err = ENOSYS;
                return true;
        case ANSWER_TAKEN:
        case ANSWER_KEPT:
                return false;
        case ANSWER_NO_OTHER:
                set_reason(result, "one id mapped");
                return true;
        case ANSWER_UNPREPARED:
        case ANSWER_STOPPED:
                snprintf(result->reason, sizeof(result->reason), "what it takes is not here: %.50s",
                         strerror(answer->err));
                result->err = answer->err;
                return true;
        case ANSWER_LATE:
                set_reason(result, "the kernel did not answer in time");
                return true;
        case ANSWER_NONE:
        case ANSWER_KINDS:
                break;
        }
        set_reason(result, "the process that asked has died");
        return true;
}

/* Both refused. */
static void judge_refused(const struct probe_row *row, const struct probe_case *of,
                          const struct probe_answers *answers, struct probe_result *result)
{
        if (probe_is_passed(row, &answers->as_is)) {
                result->verdict = VERDICT_THROUGH;
                result->through = answers->stand_in;
                result->err = answers->as_is.kind == ANSWER_RESULT ? answers->as_is.err : 0;
                snprintf(result->reason, sizeof(result->reason), "%s stands in for it",
                         result->through < 0 ? "no single capability"
                                             : caps_info((unsigned)result->through)->name);
                return;
        }
        if (is_short(&answers->as_is)) {
                cannot(&answers->as_is, result);
                return;
        }
        /* Nothing tells a kernel that takes the flag from everybody from one that refuses this holder. */
        if (probe_wants_extra(row, answers) == EXTRA_FULL && answers->extra.kind != ANSWER_KEPT) {
                set_reason(result, of->userns ? "not even all capabilities of this user namespace keep it"
                                              : "this kernel takes it from everybody");
                return;
        }
        result->verdict = VERDICT_DENIED;
        result->err = answers->alone.kind == ANSWER_RESULT ? answers->alone.err : 0;
        if (of->held && of->one_id && row->denied)
                set_reason(result, row->denied);
        else if (of->held && of->userns && row->initial)
                set_reason(result, "held; but it is asked of the machine's own user namespace");
        else if (of->held)
                set_reason(result, "held, and refused all the same");
        else
                set_reason(result, row->silent);
}

static void judge_passed(const struct probe_row *row, const struct probe_answers *answers,
                         struct probe_result *result)
{
        const struct probe_answer *as_is = &answers->as_is;
        struct probe_result unfiltered = { 0 };

        if (as_is->kind == ANSWER_RESULT || as_is->kind == ANSWER_STOPPED)
                result->err = as_is->err;
        if (probe_is_passed(row, as_is)) {
                const bool open = probe_is_passed(row, &answers->control);

                result->verdict = open ? VERDICT_OPEN : VERDICT_ALLOWED;
                if (open)
                        set_reason(result, row->open ? row->open : "this machine asks nobody for it");
                return;
        }
        if (as_is->kind == ANSWER_LATE || is_short(as_is) ||
            (as_is->kind == ANSWER_NONE && as_is->err != SIGSYS)) {
                cannot(as_is, result);
                return;
        }
        result->verdict = VERDICT_FILTERED;
        if (cannot(&answers->extra, &unfiltered))
                set_reason(result, "something else refuses the call");
        else if (!probe_is_passed(row, &answers->extra))
                set_reason(result, "no filter does it: another rule of the machine");
        else if (as_is->kind == ANSWER_NONE)
                set_reason(result, "the seccomp filter kills who makes the call");
        else
                set_reason(result, "the seccomp filter refuses the call");
}

struct probe_result probe_judge(unsigned bit, const struct probe_case *of,
                                const struct probe_answers *answers)
{
        const struct probe_row *row = probe_row(bit);
        struct probe_result result = {
                .bit = bit, .held = of->held, .verdict = VERDICT_CANNOT, .through = -1
        };
        bool control, alone;

        if (row->none) {
                set_reason(&result, row->none);
                return result;
        }
        if (cannot(&answers->control, &result) || cannot(&answers->alone, &result))
                return result;
        control = probe_is_passed(row, &answers->control);
        alone = probe_is_passed(row, &answers->alone);
        if (alone)
                judge_passed(row, answers, &result);
        else if (!control)
                judge_refused(row, of, answers, &result);
        else
                set_reason(&result, "the kernel contradicts itself");
        return result;
}
