/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "ui/scheme.h"

enum {
        OWN = COLOUR_DEFAULT,
        BOLD = ATTR_BOLD,
        LINE = ATTR_UNDERLINE,
        MARK = ATTR_BOLD | ATTR_UNDERLINE,
        BACK = ATTR_REVERSE,
        /* of every terminal */
        RED = 1,
        YELLOW = 3,
        MAGENTA = 5,
        CYAN = 6,
        PINK = 13, /* the bright magenta */
        /* of 256: the six of the cube and its greys that have a contrast of 4.5 on black and on white */
        TEAL = 29,
        INDIGO = 63,
        VIOLET = 98,
        ROSE = 131,
        FUCHSIA = 163,
        GREY = 243,
        /* darker ones, for white */
        DARK_GREEN = 28,
        DARK_CYAN = 23,
        DARK_MAGENTA = 90,
        DARK_RED = 124,
        DARK_GREY = 241,
        /* what of the cube is nearest to the colours of Okabe and Ito (Color Universal Design, 2008) */
        OI_ORANGE = 214,
        OI_SKY_BLUE = 74,
        OI_BLUISH_GREEN = 36,
        OI_YELLOW = 227,
        OI_VERMILLION = 202,
        OI_REDDISH_PURPLE = 175,
        OI_GREY = 243,
};

struct entry {
        int16_t fg_8, fg_16, fg_256;
        uint8_t attr;     /* with 8 and 16 colours, and without */
        uint8_t attr_256; /* with 256 */
};

/* Where the few colours of a terminal are too dark or too light on one of the backgrounds, there is none:
 * attributes alone say it. No dark blue (gone on black), nothing dim. Capabilities' states never take reverse
 * video, which is the selected one's. */
static const struct entry table[SCHEME_N][ROLE_N] = {
        /* holds on black and on white */
        [SCHEME_DEFAULT] = {
                [ROLE_TEXT] = { OWN, OWN, OWN, 0, 0 },
                [ROLE_BORDER] = { OWN, OWN, GREY, 0, 0 },
                [ROLE_TITLE] = { OWN, OWN, OWN, BOLD, BOLD },
                [ROLE_FOCUS] = { OWN, OWN, INDIGO, BOLD, BOLD },
                [ROLE_TIE] = { MAGENTA, MAGENTA, FUCHSIA, BOLD, BOLD },
                [ROLE_TIED] = { OWN, OWN, FUCHSIA, BOLD, BOLD },
                [ROLE_NOTE] = { OWN, OWN, INDIGO, LINE, 0 },
                [ROLE_HELD] = { OWN, OWN, TEAL, BOLD, BOLD },
                [ROLE_ALLOWED] = { OWN, OWN, VIOLET, 0, 0 },
                [ROLE_NOT] = { OWN, OWN, GREY, 0, 0 },
                [ROLE_CHANGED] = { OWN, OWN, FUCHSIA, MARK, MARK },
                [ROLE_WARNING] = { OWN, OWN, ROSE, MARK, BOLD },
                [ROLE_BAR] = { OWN, OWN, OWN, BACK, BACK },
                [ROLE_HEAD] = { OWN, OWN, OWN, BOLD, BOLD },
        },
        /* for white */
        [SCHEME_LIGHT] = {
                [ROLE_TEXT] = { OWN, OWN, OWN, 0, 0 },
                [ROLE_BORDER] = { OWN, OWN, DARK_GREY, 0, 0 },
                [ROLE_TITLE] = { OWN, OWN, OWN, BOLD, BOLD },
                [ROLE_FOCUS] = { OWN, OWN, DARK_CYAN, BOLD, BOLD },
                [ROLE_TIE] = { MAGENTA, MAGENTA, DARK_MAGENTA, BOLD, BOLD },
                [ROLE_TIED] = { MAGENTA, MAGENTA, DARK_MAGENTA, BOLD, BOLD },
                [ROLE_NOTE] = { OWN, OWN, DARK_CYAN, LINE, 0 },
                [ROLE_HELD] = { OWN, OWN, DARK_GREEN, BOLD, BOLD },
                [ROLE_ALLOWED] = { OWN, OWN, DARK_CYAN, 0, 0 },
                [ROLE_NOT] = { OWN, OWN, DARK_GREY, 0, 0 },
                [ROLE_CHANGED] = { MAGENTA, MAGENTA, DARK_MAGENTA, MARK, MARK },
                [ROLE_WARNING] = { RED, RED, DARK_RED, MARK, BOLD },
                [ROLE_BAR] = { OWN, OWN, OWN, BACK, BACK },
                [ROLE_HEAD] = { OWN, OWN, OWN, BOLD, BOLD },
        },
        /* no colour has a contrast of 7 on black and on white: the terminal's own, and stronger attributes */
        [SCHEME_HIGH_CONTRAST] = {
                [ROLE_TEXT] = { OWN, OWN, OWN, 0, 0 },
                [ROLE_BORDER] = { OWN, OWN, OWN, 0, 0 },
                [ROLE_TITLE] = { OWN, OWN, OWN, BOLD, BOLD },
                [ROLE_FOCUS] = { OWN, OWN, OWN, BOLD, BOLD },
                [ROLE_TIE] = { OWN, OWN, OWN, BOLD, BOLD },
                [ROLE_TIED] = { OWN, OWN, OWN, BOLD, BOLD },
                [ROLE_NOTE] = { OWN, OWN, OWN, LINE, LINE },
                [ROLE_HELD] = { OWN, OWN, OWN, BOLD, BOLD },
                [ROLE_ALLOWED] = { OWN, OWN, OWN, LINE, LINE },
                [ROLE_NOT] = { OWN, OWN, OWN, 0, 0 },
                [ROLE_CHANGED] = { OWN, OWN, OWN, MARK, MARK },
                [ROLE_WARNING] = { OWN, OWN, OWN, MARK, MARK },
                [ROLE_BAR] = { OWN, OWN, OWN, BOLD | BACK, BOLD | BACK },
                [ROLE_HEAD] = { OWN, OWN, OWN, BOLD, BOLD },
        },
        [SCHEME_MONO] = {
                [ROLE_TEXT] = { OWN, OWN, OWN, 0, 0 },
                [ROLE_BORDER] = { OWN, OWN, OWN, 0, 0 },
                [ROLE_TITLE] = { OWN, OWN, OWN, BOLD, BOLD },
                [ROLE_FOCUS] = { OWN, OWN, OWN, BOLD, BOLD },
                [ROLE_TIE] = { OWN, OWN, OWN, BOLD, BOLD },
                [ROLE_TIED] = { OWN, OWN, OWN, BOLD, BOLD },
                [ROLE_NOTE] = { OWN, OWN, OWN, LINE, LINE },
                [ROLE_HELD] = { OWN, OWN, OWN, BOLD, BOLD },
                [ROLE_ALLOWED] = { OWN, OWN, OWN, 0, 0 },
                [ROLE_NOT] = { OWN, OWN, OWN, 0, 0 },
                [ROLE_CHANGED] = { OWN, OWN, OWN, MARK, MARK },
                [ROLE_WARNING] = { OWN, OWN, OWN, MARK, MARK },
                [ROLE_BAR] = { OWN, OWN, OWN, BACK, BACK },
                [ROLE_HEAD] = { OWN, OWN, OWN, BOLD, BOLD },
        },
        /* for red-green blindness, on black; what is told apart by hue differs for it too */
        [SCHEME_OKABE_ITO] = {
                [ROLE_TEXT] = { OWN, OWN, OWN, 0, 0 },
                [ROLE_BORDER] = { OWN, OWN, OI_GREY, 0, 0 },
                [ROLE_TITLE] = { OWN, OWN, OWN, BOLD, BOLD },
                [ROLE_FOCUS] = { CYAN, CYAN, OI_SKY_BLUE, BOLD, BOLD },
                [ROLE_TIE] = { YELLOW, YELLOW, OI_ORANGE, BOLD, BOLD },
                [ROLE_TIED] = { YELLOW, YELLOW, OI_ORANGE, BOLD, BOLD },
                [ROLE_NOTE] = { CYAN, CYAN, OI_REDDISH_PURPLE, 0, 0 },
                [ROLE_HELD] = { CYAN, CYAN, OI_BLUISH_GREEN, BOLD, BOLD },
                [ROLE_ALLOWED] = { OWN, OWN, OI_SKY_BLUE, 0, 0 },
                [ROLE_NOT] = { OWN, OWN, OI_GREY, 0, 0 },
                [ROLE_CHANGED] = { YELLOW, YELLOW, OI_YELLOW, MARK, MARK },
                [ROLE_WARNING] = { YELLOW, PINK, OI_VERMILLION, MARK, BOLD },
                [ROLE_BAR] = { OWN, OWN, OWN, BACK, BACK },
                [ROLE_HEAD] = { OWN, OWN, OWN, BOLD, BOLD },
        },
};

enum depth scheme_depth(int colours)
{
        if (colours < 8)
                return DEPTH_MONO;
        if (colours == 256)
                return DEPTH_256;
        return colours >= 16 && colours < 256 ? DEPTH_16 : DEPTH_8;
}

struct look_of scheme_look(enum scheme scheme, enum role role, enum depth depth)
{
        unsigned s = (unsigned)scheme < SCHEME_N ? (unsigned)scheme : SCHEME_DEFAULT;
        unsigned r = (unsigned)role < ROLE_N ? (unsigned)role : ROLE_TEXT;
        const struct entry *entry = &table[s][r];

        switch (depth) {
        case DEPTH_8:
                return (struct look_of){ entry->fg_8, entry->attr };
        case DEPTH_16:
                return (struct look_of){ entry->fg_16, entry->attr };
        case DEPTH_256:
                return (struct look_of){ entry->fg_256, entry->attr_256 };
        case DEPTH_MONO:
                break;
        }
        /* High contrast has no colours to lose. */
        if (s != SCHEME_HIGH_CONTRAST)
                entry = &table[SCHEME_MONO][r];
        return (struct look_of){ COLOUR_DEFAULT, entry->attr };
}
