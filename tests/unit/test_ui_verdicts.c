/* SPDX-License-Identifier: MIT */
/* What the kernel said to the probes, in the capability cells. */
#include "config.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "probe/judge.h"
#include "ui_scene.h"

enum {
        CHOWN = 0,
        DAC_READ_SEARCH = 2,
        KILL = 5,
        NET_BIND_SERVICE = 10,
        SYS_TIME = 25,
        MAC_ADMIN = 33,
        BPF = 39
};

static void fill(struct probe_result verdicts[CAPS_N])
{
        for (unsigned bit = 0; bit < CAPS_N; bit++)
                verdicts[bit] = (struct probe_result){ .bit = bit, .verdict = VERDICT_DENIED, .through = -1 };
        verdicts[CHOWN].verdict = verdicts[KILL].verdict = VERDICT_ALLOWED;
        verdicts[DAC_READ_SEARCH].verdict = VERDICT_THROUGH;
        verdicts[NET_BIND_SERVICE].verdict = VERDICT_OPEN;
        verdicts[MAC_ADMIN].verdict = VERDICT_CANNOT;
        verdicts[BPF].verdict = VERDICT_FILTERED;
}

static void cells_carry_the_kernels_verdict(void **state)
{
        struct probe_result verdicts[CAPS_N];
        struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        fill(verdicts);
        open_scene(&scene, &cast);
        scene.view.verdicts = verdicts;
        assert_shows(&scene.view, 80, 24,
                     "the kernel: ✓ allowed  ✗ denied  = open  F filtered  ~ through  ? cannot ask │");
        /* case still says what is held */
        assert_shows(&scene.view, 80, 24, "✓CHOWN");
        assert_shows(&scene.view, 80, 24, "✓KILL");
        assert_shows(&scene.view, 80, 24, "~dac_read_search");
        assert_shows(&scene.view, 80, 24, "=NET_BIND_SERVICE");
        assert_shows(&scene.view, 80, 24, "✗sys_time");
        assert_shows(&scene.view, 80, 24, "?mac_admin");
        assert_shows(&scene.view, 80, 24, "Fbpf");
        assert_shows(&scene.view, 80, 24,
                     "└ KILL (bit 5) signal other users' processes   allowed   i: why ─");
        assert_hides(&scene.view, 80, 24, "●CHOWN");
        scene.view.verdicts = NULL;
        assert_shows(&scene.view, 80, 24, "●CHOWN");
        assert_shows(&scene.view, 80, 24, "space: drop it");
        assert_hides(&scene.view, 80, 24, "the kernel:");
        close_scene(&scene);
}

static void ascii_marks_are_letters_that_speech_reads(void **state)
{
        struct probe_result verdicts[CAPS_N];
        struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        fill(verdicts);
        open_scene(&scene, &cast);
        scene.view.verdicts = verdicts;
        scene.view.ascii = true;
        assert_shows(&scene.view, 80, 24, "y allowed  n denied  = open  F filtered  ~ through  ? cannot ask");
        assert_shows(&scene.view, 80, 24, "yCHOWN");
        assert_shows(&scene.view, 80, 24, "nsys_time");
        close_scene(&scene);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(cells_carry_the_kernels_verdict),
                cmocka_unit_test(ascii_marks_are_letters_that_speech_reads),
        };

        setlocale(LC_ALL, "C.UTF-8");
        return cmocka_run_group_tests(tests, NULL, NULL);
}
