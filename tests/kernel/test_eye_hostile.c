/* SPDX-License-Identifier: MIT */
/* An eye that has been taken over by what it read must not harm the process that shows its tables. */
#include "config.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/io.h"
#include "base/str.h"
#include "eye/eye.h"
#include "eye/proto.h"

enum { SOON_MS = 30000 };

/* What stands in for an eye that has been taken over: this program under the helper's name. */
static const char *const hostile_ways[] = { "unsealed", "shrinkable", "short",    "pipe",    "huge",
                                            "no table", "no fd",      "stray fd", "unknown", "record",
                                            "name",     "silent",     "end",      "flood" };

static int make_table(const char *way)
{
        struct proc_table empty = { 0 };
        struct str bytes = { 0 };
        int seals = F_SEAL_SHRINK | F_SEAL_WRITE, fd = memfd_create("table", MFD_CLOEXEC | MFD_ALLOW_SEALING);

        proc_table_pack(&empty, &bytes);
        if (strcmp(way, "no table") == 0)
                bytes.s[0] ^= 1;
        if (!io_write_all(fd, bytes.s, bytes.len))
                _exit(1);
        str_finish(&bytes);
        if (strcmp(way, "unsealed") == 0)
                seals = 0;
        if (strcmp(way, "shrinkable") == 0)
                seals = F_SEAL_WRITE;
        fcntl(fd, F_ADD_SEALS, seals);
        return fd;
}

static _Noreturn void be_hostile(const char *way)
{
        struct eye_record record = { .kind = EYE_TABLE, .read_ms = UINT64_MAX };
        struct eye_hello hello;
        size_t n = EYE_HEAD_BYTES, n_fds = 1;
        int fd = make_table(way), ends[2];

        prctl(PR_SET_PDEATHSIG, SIGKILL);
        io_recv(3, &hello, sizeof(hello), NULL, 0);
        record.size = (uint64_t)lseek(fd, 0, SEEK_END);
        if (strcmp(way, "short") == 0)
                record.size++;
        if (strcmp(way, "pipe") == 0)
                fd = pipe(ends) == 0 ? ends[0] : -1;
        if (strcmp(way, "huge") == 0)
                record.size = UINT64_MAX;
        if (strcmp(way, "no fd") == 0)
                n_fds = 0;
        if (strcmp(way, "stray fd") == 0 || strcmp(way, "flood") == 0)
                record.kind = EYE_SAME;
        if (strcmp(way, "unknown") == 0)
                record.kind = 77;
        if (strcmp(way, "record") == 0)
                n = 3;
        if (strcmp(way, "name") == 0) {
                /* times 68 bytes this is 68, modulo 2 to the 64th */
                record = (struct eye_record){ .kind = EYE_NAMES, .size = (UINT64_C(1) << 62) + 1 };
                n_fds = 0;
                n = EYE_HEAD_BYTES + sizeof(record.names[0]);
        }
        if (strcmp(way, "flood") == 0)
                n_fds = 0;
        if (strcmp(way, "end") == 0)
                _exit(0);
        do
                if (strcmp(way, "silent") != 0)
                        io_send(3, &record, n, &fd, n_fds);
        while (strcmp(way, "flood") == 0);
        for (;;)
                pause();
}

static void an_eye_that_was_taken_over_ends_and_does_no_harm(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof(hostile_ways) / sizeof(hostile_ways[0]); i++) {
                const bool lasts =
                        strcmp(hostile_ways[i], "silent") == 0 || strcmp(hostile_ways[i], "flood") == 0;
                struct fault fault = { 0 };
                struct eye *eye = NULL;

                setenv("VITRINE_TEST_EYE", hostile_ways[i], 1);
                assert_true(eye_open_host("/proc/self/exe", &eye, &fault));
                assert_false(eye_wait(eye, 0, lasts ? 300 : SOON_MS, &fault));
                if (fault.why[0] == '\0' || eye_table(eye) || (eye_read(eye, &fault) == -1) == lasts)
                        fail_msg("%s: %s", hostile_ways[i], fault.why);
                eye_close(eye);
        }
        unsetenv("VITRINE_TEST_EYE");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(an_eye_that_was_taken_over_ends_and_does_no_harm),
        };

        if (getenv("VITRINE_TEST_EYE"))
                be_hostile(getenv("VITRINE_TEST_EYE"));
        return cmocka_run_group_tests_name("eye_hostile", tests, NULL, NULL);
}
