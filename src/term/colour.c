/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "term/colour.h"

enum { RED = 1, GREEN = 2, MAGENTA = 5, CYAN = 6, GREY = 244, OWN = COLOUR_DEFAULT };

/* The six hues alone, in the terminal's own shades: the bright ones vanish on a light background, and schemes
 * such as Solarized make greys of them. No yellow (light backgrounds) and no blue (dark ones). The grey of
 * 256 is the middle one, legible on black and on white. */
static const struct {
        int16_t fg_8, fg_16, fg_256;
        uint8_t attr, mono_attr;
} roles[ROLE_N] = {
        [ROLE_TEXT] = { OWN, OWN, OWN, 0, 0 },
        [ROLE_BORDER] = { OWN, OWN, GREY, 0, 0 },
        [ROLE_TITLE] = { OWN, OWN, OWN, ATTR_BOLD, ATTR_BOLD },
        [ROLE_FOCUS] = { CYAN, CYAN, CYAN, ATTR_BOLD, ATTR_BOLD },
        [ROLE_TIE] = { MAGENTA, MAGENTA, MAGENTA, ATTR_BOLD, ATTR_BOLD },
        [ROLE_TIED] = { MAGENTA, MAGENTA, MAGENTA, ATTR_BOLD, ATTR_BOLD },
        [ROLE_NOTE] = { CYAN, CYAN, CYAN, 0, ATTR_UNDERLINE },
        [ROLE_HELD] = { GREEN, GREEN, GREEN, ATTR_BOLD, ATTR_BOLD },
        [ROLE_ALLOWED] = { CYAN, CYAN, CYAN, 0, 0 },
        [ROLE_NOT] = { OWN, OWN, GREY, 0, 0 },
        [ROLE_CHANGED] = { MAGENTA, MAGENTA, MAGENTA, ATTR_BOLD | ATTR_UNDERLINE,
                           ATTR_BOLD | ATTR_UNDERLINE },
        [ROLE_WARNING] = { RED, RED, RED, ATTR_BOLD, ATTR_BOLD | ATTR_UNDERLINE },
        [ROLE_BAR] = { OWN, OWN, OWN, ATTR_REVERSE, ATTR_REVERSE },
        [ROLE_HEAD] = { OWN, OWN, OWN, ATTR_BOLD, ATTR_BOLD },
};

enum depth colour_depth(int colours, bool mono)
{
        if (mono || colours < 8)
                return DEPTH_MONO;
        if (colours == 256)
                return DEPTH_256;
        return colours >= 16 && colours < 256 ? DEPTH_16 : DEPTH_8;
}

struct look_of colour_of(enum role role, enum depth depth)
{
        unsigned r = (unsigned)role < ROLE_N ? (unsigned)role : ROLE_TEXT;

        switch (depth) {
        case DEPTH_8:
                return (struct look_of){ roles[r].fg_8, roles[r].attr };
        case DEPTH_16:
                return (struct look_of){ roles[r].fg_16, roles[r].attr };
        case DEPTH_256:
                return (struct look_of){ roles[r].fg_256, roles[r].attr };
        case DEPTH_MONO:
                break;
        }
        return (struct look_of){ COLOUR_DEFAULT, roles[r].mono_attr };
}
