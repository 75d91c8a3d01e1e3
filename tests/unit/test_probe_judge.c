/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "caps/caps.h"
#include "probe/judge.h"

enum { KILL = 5, SETGID = 6, SYS_TIME = 25, MAC_ADMIN = 33, BLOCK_SUSPEND = 36, BPF = 39, SYS_ADMIN = 21 };

#define RESULT(e)                                 \
        {                                         \
                .kind = ANSWER_RESULT, .err = (e) \
        }
#define KIND(k)              \
        {                    \
                .kind = (k), \
        }

static void every_capability_has_one_call_or_a_reason(void **state)
{
        (void)state;
        for (unsigned bit = 0; bit < CAPS_N; bit++) {
                const struct probe_row *row = probe_row(bit);

                assert_non_null(row->call);
                assert_in_range(strlen(row->call), row->none ? 0 : 5, row->none ? 0 : 30);
                if (row->none)
                        assert_in_range(strlen(row->none), 10,
                                        sizeof(((struct probe_result *)0)->reason) - 1);
                else
                        assert_true((row->refused[0] != 0) != (row->silent != NULL));
                for (unsigned other = 0; other < bit; other++)
                        assert_true(row->none || strcmp(row->call, probe_row(other)->call) != 0);
        }
}

static void three_capabilities_have_no_probe(void **state)
{
        unsigned n = 0;

        (void)state;
        for (unsigned bit = 0; bit < CAPS_N; bit++)
                n += probe_row(bit)->none != NULL;
        assert_int_equal(n, 3);
        assert_non_null(probe_row((unsigned)caps_find("NET_BROADCAST"))->none);
        assert_non_null(probe_row((unsigned)caps_find("MAC_OVERRIDE"))->none);
        assert_non_null(probe_row((unsigned)caps_find("MAC_ADMIN"))->none);
}

static void verdicts_follow_from_the_three_runs(void **state)
{
        const struct {
                unsigned bit;
                struct probe_case of;
                struct probe_answers answers;
                enum probe_verdict verdict;
                int err, through;
        } cases[] = {
                { KILL,
                  { .held = true },
                  { RESULT(EPERM), RESULT(0), RESULT(0), KIND(0), -1 },
                  VERDICT_ALLOWED,
                  0,
                  -1 },
                { KILL,
                  { .held = false },
                  { RESULT(EPERM), RESULT(EPERM), RESULT(EPERM), KIND(0), -1 },
                  VERDICT_DENIED,
                  EPERM,
                  -1 },
                /* whoever could not make the call for want of memory or descriptors has not been let through
                 */
                { KILL,
                  { .held = true },
                  { RESULT(EMFILE), RESULT(0), RESULT(0), KIND(0), -1 },
                  VERDICT_CANNOT,
                  EMFILE,
                  -1 },
                { KILL,
                  { .held = true },
                  { RESULT(EPERM), RESULT(ENOMEM), RESULT(0), KIND(0), -1 },
                  VERDICT_CANNOT,
                  ENOMEM,
                  -1 },
                { KILL,
                  { .held = true },
                  { RESULT(EPERM), RESULT(0), RESULT(EAGAIN), KIND(0), -1 },
                  VERDICT_CANNOT,
                  EAGAIN,
                  -1 },
                { KILL,
                  { .held = true },
                  { RESULT(EPERM), RESULT(0), { ANSWER_STOPPED, EMFILE }, KIND(0), -1 },
                  VERDICT_CANNOT,
                  EMFILE,
                  -1 },
                /* a filter may refuse what comes before the call; it does not keep vitrine from asking */
                { BPF,
                  { .held = true },
                  { RESULT(EPERM), RESULT(EINVAL), { ANSWER_STOPPED, EPERM }, RESULT(EINVAL), -1 },
                  VERDICT_FILTERED,
                  EPERM,
                  -1 },
                { BPF,
                  { .held = true },
                  { RESULT(EPERM), RESULT(EINVAL), { ANSWER_UNPREPARED, EPERM }, RESULT(EINVAL), -1 },
                  VERDICT_CANNOT,
                  EPERM,
                  -1 },
                { KILL,
                  { .held = true },
                  { RESULT(EPERM), RESULT(0), RESULT(EIO), KIND(0), -1 },
                  VERDICT_CANNOT,
                  EIO,
                  -1 },
                { KILL,
                  { .held = true },
                  { RESULT(ENOSPC), RESULT(0), RESULT(0), KIND(0), -1 },
                  VERDICT_CANNOT,
                  ENOSPC,
                  -1 },
                { KILL,
                  { .held = false },
                  { RESULT(EPERM), RESULT(EPERM), { ANSWER_UNPREPARED, EINVAL }, KIND(0), -1 },
                  VERDICT_CANNOT,
                  EINVAL,
                  -1 },
                /* a full mask in a user namespace */
                { SYS_TIME,
                  { .held = true, .userns = true },
                  { RESULT(EPERM), RESULT(EPERM), RESULT(EPERM), KIND(0), -1 },
                  VERDICT_DENIED,
                  EPERM,
                  -1 },
                { KILL, { 0 }, { RESULT(0), RESULT(0), RESULT(0), KIND(0), -1 }, VERDICT_OPEN, 0, -1 },
                /* any other error is past the check */
                { BPF,
                  { .held = true },
                  { RESULT(EPERM), RESULT(EINVAL), RESULT(EINVAL), KIND(0), -1 },
                  VERDICT_ALLOWED,
                  EINVAL,
                  -1 },
                { BPF,
                  { .held = true },
                  { RESULT(EPERM), RESULT(EINVAL), RESULT(EPERM), RESULT(EINVAL), -1 },
                  VERDICT_FILTERED,
                  EPERM,
                  -1 },
                /* the profile's own default is no old kernel */
                { BPF,
                  { .held = true },
                  { RESULT(EPERM), RESULT(EINVAL), RESULT(ENOSYS), RESULT(EINVAL), -1 },
                  VERDICT_FILTERED,
                  ENOSYS,
                  -1 },
                { BPF,
                  { .held = true },
                  { RESULT(EPERM), RESULT(EINVAL), { ANSWER_NONE, SIGSYS }, RESULT(EINVAL), -1 },
                  VERDICT_FILTERED,
                  0,
                  -1 },
                { BPF,
                  { .held = false },
                  { RESULT(EPERM), RESULT(EPERM), RESULT(EINVAL), KIND(0), SYS_ADMIN },
                  VERDICT_THROUGH,
                  EINVAL,
                  SYS_ADMIN },
                { BPF,
                  { .held = true },
                  { RESULT(ENOSYS), RESULT(ENOSYS), RESULT(ENOSYS), KIND(0), -1 },
                  VERDICT_CANNOT,
                  ENOSYS,
                  -1 },
                { KILL,
                  { .held = true, .userns = true, .one_id = true },
                  { KIND(ANSWER_NO_OTHER), KIND(ANSWER_NO_OTHER), KIND(ANSWER_NO_OTHER), KIND(0), -1 },
                  VERDICT_CANNOT,
                  0,
                  -1 },
                { KILL,
                  { .held = true },
                  { KIND(ANSWER_LATE), RESULT(0), RESULT(0), KIND(0), -1 },
                  VERDICT_CANNOT,
                  0,
                  -1 },
                { KILL,
                  { .held = true },
                  { RESULT(EPERM), RESULT(0), { ANSWER_NONE, SIGKILL }, KIND(0), -1 },
                  VERDICT_CANNOT,
                  0,
                  -1 },
                { KILL,
                  { .held = true },
                  { { ANSWER_UNPREPARED, ENOTTY }, RESULT(0), RESULT(0), KIND(0), -1 },
                  VERDICT_CANNOT,
                  ENOTTY,
                  -1 },
                /* let through without, refused with: no verdict is guessed */
                { KILL, { 0 }, { RESULT(0), RESULT(EPERM), RESULT(0), KIND(0), -1 }, VERDICT_CANNOT, 0, -1 },
                /* no errno: what is taken away says it, and only where somebody keeps it */
                { BLOCK_SUSPEND,
                  { .held = true },
                  { KIND(ANSWER_TAKEN), KIND(ANSWER_KEPT), KIND(ANSWER_KEPT), KIND(0), -1 },
                  VERDICT_ALLOWED,
                  0,
                  -1 },
                { BLOCK_SUSPEND,
                  { .held = false },
                  { KIND(ANSWER_TAKEN), KIND(ANSWER_TAKEN), KIND(ANSWER_TAKEN), KIND(ANSWER_KEPT), -1 },
                  VERDICT_DENIED,
                  0,
                  -1 },
                { BLOCK_SUSPEND,
                  { .held = false },
                  { KIND(ANSWER_TAKEN), KIND(ANSWER_TAKEN), KIND(ANSWER_TAKEN), KIND(ANSWER_TAKEN), -1 },
                  VERDICT_CANNOT,
                  0,
                  -1 },
                { MAC_ADMIN, { .held = true }, { .stand_in = -1 }, VERDICT_CANNOT, 0, -1 },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct probe_result got = probe_judge(cases[i].bit, &cases[i].of, &cases[i].answers);

                if (got.verdict != cases[i].verdict)
                        fail_msg("case %zu: %s", i, probe_verdict_name(got.verdict));
                assert_int_equal(got.err, cases[i].err);
                assert_int_equal(got.through, cases[i].through);
                assert_int_equal(got.bit, cases[i].bit);
                assert_int_equal(got.held, cases[i].of.held);
                if (got.verdict == VERDICT_CANNOT || got.verdict == VERDICT_OPEN ||
                    got.verdict == VERDICT_FILTERED)
                        assert_true(*got.reason);
        }
}

static void a_holder_who_is_refused_is_told_why(void **state)
{
        const struct probe_answers refused = { RESULT(EPERM), RESULT(EPERM), RESULT(EPERM), KIND(0), -1 };
        const struct probe_case one_id = { .held = true, .userns = true, .one_id = true };
        const struct probe_case lacking = { .userns = true, .one_id = true };

        (void)state;
        assert_non_null(
                strstr(probe_judge(SYS_TIME, &one_id, &refused).reason, "machine's own user namespace"));
        assert_non_null(strstr(probe_judge(SETGID, &one_id, &refused).reason, "setgroups is denied"));
        assert_string_equal(probe_judge(SYS_TIME, &lacking, &refused).reason, "");
}

static void who_refuses_is_said_where_it_is_known(void **state)
{
        const struct probe_case held = { .held = true };
        struct probe_answers answers = { RESULT(EPERM), RESULT(EINVAL), RESULT(EPERM), RESULT(EINVAL), -1 };

        (void)state;
        assert_string_equal(probe_judge(BPF, &held, &answers).reason, "the seccomp filter refuses the call");
        answers.extra.err = EPERM;
        assert_non_null(strstr(probe_judge(BPF, &held, &answers).reason, "no filter does it"));
        answers.extra = (struct probe_answer){ ANSWER_UNPREPARED, EMFILE };
        assert_string_equal(probe_judge(BPF, &held, &answers).reason, "something else refuses the call");
        assert_int_equal(probe_judge(BPF, &held, &answers).verdict, VERDICT_FILTERED);
        assert_int_equal(probe_judge(BPF, &held, &answers).err, EPERM);
}

static void verdicts_have_their_words(void **state)
{
        static const char *const words[] = {
                "allowed", "denied", "open", "filtered", "through", "cannot ask"
        };
        char buf[16];

        (void)state;
        assert_int_equal(sizeof(words) / sizeof(words[0]), VERDICT_N);
        for (int i = 0; i < VERDICT_N; i++)
                assert_string_equal(probe_verdict_name((enum probe_verdict)i), words[i]);
        assert_string_equal(probe_errno_name(EPERM, buf), "EPERM");
        assert_string_equal(probe_errno_name(0, buf), "");
        assert_string_equal(probe_errno_name(4095, buf), "errno 4095");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_capability_has_one_call_or_a_reason),
                cmocka_unit_test(three_capabilities_have_no_probe),
                cmocka_unit_test(verdicts_follow_from_the_three_runs),
                cmocka_unit_test(a_holder_who_is_refused_is_told_why),
                cmocka_unit_test(who_refuses_is_said_where_it_is_known),
                cmocka_unit_test(verdicts_have_their_words),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
