/* SPDX-License-Identifier: MIT */
/* Every colour of every scheme, measured as WCAG 2 does: https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ui/scheme.h"

enum { LEVELS = 6, CUBE = 16, GREYS = 232 };

struct rgb {
        double v[3]; /* linear light */
};

static double linear(int value)
{
        double c = value / 255.0;

        return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static struct rgb of_bytes(const int bytes[3])
{
        return (struct rgb){ { linear(bytes[0]), linear(bytes[1]), linear(bytes[2]) } };
}

/* xterm's palette. */
static struct rgb colour(int index)
{
        static const int first[16][3] = {
                { 0, 0, 0 },       { 205, 0, 0 },   { 0, 205, 0 },   { 205, 205, 0 },
                { 0, 0, 238 },     { 205, 0, 205 }, { 0, 205, 205 }, { 229, 229, 229 },
                { 127, 127, 127 }, { 255, 0, 0 },   { 0, 255, 0 },   { 255, 255, 0 },
                { 92, 92, 255 },   { 255, 0, 255 }, { 0, 255, 255 }, { 255, 255, 255 },
        };
        static const int levels[LEVELS] = { 0, 95, 135, 175, 215, 255 };
        int at = index - CUBE, grey = 8 + 10 * (index - GREYS);

        if (index < CUBE)
                return of_bytes(first[index]);
        if (index >= GREYS)
                return of_bytes((int[]){ grey, grey, grey });
        return of_bytes((int[]){ levels[at / 36], levels[at / 6 % 6], levels[at % 6] });
}

static double luminance(struct rgb c)
{
        return 0.2126 * c.v[0] + 0.7152 * c.v[1] + 0.0722 * c.v[2];
}

static double on_black(int index)
{
        return (luminance(colour(index)) + 0.05) / 0.05;
}

static double on_white(int index)
{
        return 1.05 / (luminance(colour(index)) + 0.05);
}

/* What a scheme promises: on which backgrounds, and how much. Lines that are drawn need less than words do
 * (WCAG 1.4.11). */
static const struct {
        bool black, white;
        double words, lines;
} promises[SCHEME_N] = {
        [SCHEME_DEFAULT] = { true, true, 4.5, 3 },     [SCHEME_LIGHT] = { false, true, 4.5, 3 },
        [SCHEME_HIGH_CONTRAST] = { true, true, 7, 7 }, [SCHEME_MONO] = { true, true, 7, 7 },
        [SCHEME_OKABE_ITO] = { true, false, 4.5, 3 },
};

static bool is_line(int role)
{
        return role == ROLE_BORDER || role == ROLE_TIE;
}

static void every_colour_stands_out_from_its_backgrounds(void **state)
{
        int seen = 0;

        (void)state;
        for (int s = 0; s < SCHEME_N; s++)
                for (int depth = DEPTH_MONO; depth <= DEPTH_256; depth++)
                        for (int role = 0; role < ROLE_N; role++) {
                                int fg = scheme_look((enum scheme)s, (enum role)role, (enum depth)depth).fg;
                                double least = is_line(role) ? promises[s].lines : promises[s].words;

                                if (fg == COLOUR_DEFAULT)
                                        continue;
                                seen++;
                                if ((promises[s].black && on_black(fg) < least) ||
                                    (promises[s].white && on_white(fg) < least))
                                        fail_msg("%s, depth %d, role %d: colour %d has %.2f on black, %.2f "
                                                 "on white",
                                                 scheme_name((enum scheme)s), depth, role, fg, on_black(fg),
                                                 on_white(fg));
                        }
        assert_true(seen > 50);
}

/* The figures that WCAG's own examples and xterm's palette give. */
static void the_measure_is_right(void **state)
{
        (void)state;
        assert_true(fabs(on_black(15) - 21) < 0.01 && fabs(on_white(15) - 1) < 0.01);
        assert_true(fabs(on_white(243) - 4.54) < 0.01 && fabs(on_black(243) - 4.62) < 0.01);
        assert_true(fabs(on_white(1) - 5.84) < 0.01 && fabs(on_black(4) - 2.23) < 0.01);
}

static void no_scheme_has_dark_blue_or_more_colours_than_there_are(void **state)
{
        static const int dark[] = { 4, 17, 18, 19, 20, 21 };
        static const int most[] = { -1, 7, 15, 255 };

        (void)state;
        for (int s = 0; s < SCHEME_N; s++)
                for (int depth = DEPTH_MONO; depth <= DEPTH_256; depth++)
                        for (int role = 0; role < ROLE_N; role++) {
                                int fg = scheme_look((enum scheme)s, (enum role)role, (enum depth)depth).fg;

                                assert_true(fg >= -1 && fg <= most[depth]);
                                for (size_t i = 0; i < sizeof(dark) / sizeof(dark[0]); i++)
                                        assert_int_not_equal(fg, dark[i]);
                        }
}

/* As protanopes and deuteranopes see it (Viénot, Brettel and Mollon 1999: what is left of linear light). */
static struct rgb seen_by(struct rgb c, bool deutan)
{
        static const double matrices[2][3][3] = {
                { { 0.11238, 0.88762, 0 }, { 0.11238, 0.88762, 0 }, { 0.00401, -0.00401, 1 } },
                { { 0.29275, 0.70725, 0 }, { 0.29275, 0.70725, 0 }, { -0.02234, 0.02234, 1 } },
        };
        struct rgb ret = { { 0 } };

        for (int i = 0; i < 3; i++)
                for (int k = 0; k < 3; k++)
                        ret.v[i] += matrices[deutan][i][k] * c.v[k];
        for (int i = 0; i < 3; i++)
                ret.v[i] = ret.v[i] < 0 ? 0 : ret.v[i];
        return ret;
}

/* CIE 1976, D65. */
static void to_lab(struct rgb c, double ret[3])
{
        double x = (0.4124 * c.v[0] + 0.3576 * c.v[1] + 0.1805 * c.v[2]) / 0.9505;
        double y = luminance(c), z = (0.0193 * c.v[0] + 0.1192 * c.v[1] + 0.9505 * c.v[2]) / 1.089;
        double f[3] = { x, y, z };

        for (int i = 0; i < 3; i++)
                f[i] = f[i] > 0.008856 ? cbrt(f[i]) : 7.787 * f[i] + 16.0 / 116;
        ret[0] = 116 * f[1] - 16;
        ret[1] = 500 * (f[0] - f[1]);
        ret[2] = 200 * (f[1] - f[2]);
}

static double difference(int a, int b, bool deutan)
{
        double one[3], other[3];

        to_lab(seen_by(colour(a), deutan), one);
        to_lab(seen_by(colour(b), deutan), other);
        return sqrt(pow(one[0] - other[0], 2) + pow(one[1] - other[1], 2) + pow(one[2] - other[2], 2));
}

static void okabe_ito_differs_for_the_red_green_blind_too(void **state)
{
        static const enum role roles[] = { ROLE_HELD, ROLE_ALLOWED, ROLE_NOT, ROLE_CHANGED, ROLE_WARNING };
        enum { N = sizeof(roles) / sizeof(roles[0]), PLAINLY = 12 };

        (void)state;
        for (int i = 0; i < N; i++)
                for (int k = 0; k < i; k++)
                        for (int deutan = 0; deutan < 2; deutan++) {
                                int a = scheme_look(SCHEME_OKABE_ITO, roles[i], DEPTH_256).fg;
                                int b = scheme_look(SCHEME_OKABE_ITO, roles[k], DEPTH_256).fg;

                                if (difference(a, b, deutan) < PLAINLY)
                                        fail_msg("colours %d and %d differ by %.1f for %s", a, b,
                                                 difference(a, b, deutan), deutan ? "deutans" : "protans");
                        }
        assert_true(difference(1, 2, true) < difference(1, 4, true));
}

/* Colour is never alone: what matters in a capability's cell differs by attributes where marks do not say it.
 */
static void a_change_differs_from_every_capabilitys_state(void **state)
{
        static const enum role states[] = { ROLE_HELD, ROLE_ALLOWED, ROLE_NOT, ROLE_HEAD, ROLE_TEXT };

        (void)state;
        for (int s = 0; s < SCHEME_N; s++)
                for (int depth = DEPTH_MONO; depth <= DEPTH_256; depth++) {
                        uint8_t changed = scheme_look((enum scheme)s, ROLE_CHANGED, (enum depth)depth).attr;

                        for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
                                uint8_t attr = scheme_look((enum scheme)s, states[i], (enum depth)depth).attr;

                                assert_int_not_equal(changed, attr);
                                assert_false(attr & ATTR_REVERSE); /* the selected one's */
                        }
                }
}

static void depth_follows_the_number_of_colours(void **state)
{
        static const struct {
                int colours;
                enum depth depth;
        } cases[] = {
                { -1, DEPTH_MONO }, { 0, DEPTH_MONO },     { 2, DEPTH_MONO }, { 8, DEPTH_8 },
                { 15, DEPTH_8 },    { 16, DEPTH_16 },      { 88, DEPTH_16 },  { 256, DEPTH_256 },
                { 32767, DEPTH_8 }, { 16777216, DEPTH_8 },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
                assert_int_equal(scheme_depth(cases[i].colours), cases[i].depth);
}

static void without_colours_there_are_attributes_alone(void **state)
{
        (void)state;
        for (int s = 0; s < SCHEME_N; s++)
                for (int role = 0; role < ROLE_N; role++)
                        assert_int_equal(scheme_look((enum scheme)s, (enum role)role, DEPTH_MONO).fg,
                                         COLOUR_DEFAULT);
        for (int depth = DEPTH_MONO; depth <= DEPTH_256; depth++) {
                struct look_of look = scheme_look(SCHEME_MONO, ROLE_HELD, (enum depth)depth);

                assert_int_equal(look.fg, COLOUR_DEFAULT);
                assert_true(look.attr & ATTR_BOLD);
                assert_int_equal(scheme_look(SCHEME_MONO, ROLE_NOT, (enum depth)depth).attr, 0);
                assert_int_not_equal(scheme_look(SCHEME_MONO, ROLE_NOTE, (enum depth)depth).attr, 0);
        }
}

static void what_is_out_of_range_is_text(void **state)
{
        struct look_of look = scheme_look((enum scheme)99, (enum role)200, DEPTH_256);

        (void)state;
        assert_int_equal(look.fg, COLOUR_DEFAULT);
        assert_int_equal(look.attr, 0);
}

static void names_are_found_and_near_ones_hinted_at(void **state)
{
        (void)state;
        for (int s = 0; s < SCHEME_N; s++)
                assert_int_equal(scheme_find(scheme_name((enum scheme)s)), s);
        assert_int_equal(scheme_find(""), SCHEME_N);
        assert_int_equal(scheme_find("Light"), SCHEME_N);
        assert_string_equal(scheme_near("okabe-itp"), "okabe-ito");
        assert_string_equal(scheme_near("ligth"), "light");
        assert_null(scheme_near("solarized"));
        assert_null(scheme_near(""));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_colour_stands_out_from_its_backgrounds),
                cmocka_unit_test(the_measure_is_right),
                cmocka_unit_test(no_scheme_has_dark_blue_or_more_colours_than_there_are),
                cmocka_unit_test(okabe_ito_differs_for_the_red_green_blind_too),
                cmocka_unit_test(a_change_differs_from_every_capabilitys_state),
                cmocka_unit_test(depth_follows_the_number_of_colours),
                cmocka_unit_test(without_colours_there_are_attributes_alone),
                cmocka_unit_test(what_is_out_of_range_is_text),
                cmocka_unit_test(names_are_found_and_near_ones_hinted_at),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
