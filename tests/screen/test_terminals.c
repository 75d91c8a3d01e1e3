/* SPDX-License-Identifier: MIT */
/* Terminals of every kind, as far as terminfo knows them here: each works, or is refused with words. */
#include "config.h"

#include "scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "raw.h"

static const struct kind {
        const char *name;
        bool works, colours, mouse, copies;
} kinds[] = {
        { "vt100", true, false, false, false },       { "vt220", true, false, false, false },
        { "ansi", true, true, false, false },         { "linux", true, true, true, false },
        { "screen", true, true, true, true },         { "screen-256color", true, true, true, true },
        { "tmux-256color", true, true, true, true },  { "rxvt", true, true, true, true },
        { "xterm", true, true, true, true },          { "xterm-16color", true, true, true, true },
        { "xterm-256color", true, true, true, true }, { "xterm-mono", true, false, true, true },
        { "dumb", false, false, false, false },
};

static bool is_known(const char *name)
{
        static const char *const folders[] = { "/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo",
                                               "/usr/lib/terminfo" };
        char path[128];

        for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
                snprintf(path, sizeof(path), "%s/%c/%s", folders[i], name[0], name);
                if (access(path, R_OK) == 0)
                        return true;
        }
        return false;
}

static bool has_copied(struct screen *screen, const void *data)
{
        size_t len;
        const char *raw = screen_raw(screen, &len);

        (void)data;
        /* "docker run --cap-drop…", in base64 */
        return memmem(raw, len, "\033]52;c;ZG9ja2VyIHJ1biAtLWNhcC1kcm9w", 35) != NULL;
}

static void use(struct scene *scene, struct screen *screen, const struct kind *kind)
{
        const char *raw;
        char mask[17];
        size_t len;

        tie_wait_status(screen, "Name", "sleep");
        screen_send(screen, "K");
        screen_wait_text(screen, "docker run --cap-drop=KILL ubuntu sleep 3600");
        tie_wait_status(screen, "CapEff", scene_mask(scene, 0, BIT(CAP_KILL_BIT), mask));
        screen_send(screen, "\033[B"); /* also where terminfo names another sequence */
        screen_wait_text(screen, "DAC_OVERRIDE (bit 1)");
        screen_send(screen, "y");
        screen_wait_text(screen, "copied");
        scene_leave(screen);
        raw = screen_raw(screen, &len);
        assert_int_equal(raw_sets_colour(raw, len), kind->colours);
        assert_false(raw_sets_background(raw, len));
        assert_int_equal(memmem(raw, len, "\033[?1000h", 8) != NULL, kind->mouse);
        assert_int_equal(has_copied(screen, NULL), kind->copies);
}

static void each_works_or_is_refused_with_words(void **state)
{
        struct scene *scene = *state;
        int tried = 0;

        for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
                char name[64];
                const char *env[] = { name, NULL };
                struct screen *screen;

                if (!is_known(kinds[i].name))
                        continue;
                tried++;
                snprintf(name, sizeof(name), "TERM=%s", kinds[i].name);
                screen = scene_start(scene, NULL, env, 80, 24);
                if (kinds[i].works) {
                        use(scene, screen, &kinds[i]);
                } else {
                        assert_int_equal(screen_wait_end(screen), 125);
                        screen_wait_text(screen, "such a terminal cannot place");
                        screen_wait_text(screen, "hint: ");
                }
                screen_finish(screen);
                scene->screen = NULL;
        }
        assert_true(tried >= 3);
}

/* What the schemes choose, on the real screen: colours by name, attributes alone, and never a background. */
static void schemes_are_chosen_by_name(void **state)
{
        static const struct {
                const char *scheme, *shows; /* a sequence that only this one sends */
        } cases[] = {
                { "default", "38;5;29m" }, { "light", "38;5;28m" }, { "okabe-ito", "38;5;36m" },
                { "high-contrast", NULL }, { "mono", NULL },
        };
        struct scene *scene = *state;

        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                const char *args[] = { "--scheme", cases[i].scheme, NULL };
                struct screen *screen = scene_start(scene, args, NULL, 80, 24);
                const char *raw;
                size_t len;

                tie_wait_status(screen, "Name", "sleep");
                screen_wait_text(screen, "KILL (bit 5)");
                scene_leave(screen);
                raw = screen_raw(screen, &len);
                assert_int_equal(raw_sets_colour(raw, len), cases[i].shows != NULL);
                assert_false(raw_sets_background(raw, len));
                if (cases[i].shows)
                        assert_non_null(memmem(raw, len, cases[i].shows, strlen(cases[i].shows)));
                screen_finish(screen);
                scene->screen = NULL;
        }
}

static void an_unknown_scheme_is_refused_with_the_nearest(void **state)
{
        static const char *const args[] = { "--scheme", "okabeito", NULL };
        struct scene *scene = *state;
        struct screen *screen = scene_start(scene, args, NULL, 80, 24);

        assert_int_equal(screen_wait_end(screen), 125);
        screen_wait_text(screen, "did you mean okabe-ito?");
        screen_wait_text(screen, "high-contrast");
        scene_assert_restored(screen);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_works_or_is_refused_with_words),
                cmocka_unit_test(schemes_are_chosen_by_name),
                cmocka_unit_test(an_unknown_scheme_is_refused_with_the_nearest),
        };

        return scene_run(tests, sizeof(tests) / sizeof(tests[0]));
}
