/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cast/theme.h"

/* The schemes take theirs from the 256, which no theme moves; these sixteen are for a shell's own colours:
 * xterm's, and for white the ones that can be read on it. */
#define ON_BLACK                                                           \
        "#000000:#cd0000:#00cd00:#cdcd00:#6c8cff:#cd00cd:#00cdcd:#e5e5e5:" \
        "#7f7f7f:#ff5f5f:#00ff00:#ffff00:#8ca8ff:#ff00ff:#00ffff:#ffffff"
#define ON_WHITE                                                           \
        "#000000:#a40000:#006400:#6e5400:#003ca4:#7a007a:#006464:#5f5f5f:" \
        "#4a4a4a:#b00000:#007000:#6e5400:#0044bb:#8a008a:#006e6e:#000000"

const struct theme *theme_of(enum scheme scheme)
{
        /* Black and white themselves: what ui/scheme.c is measured against. */
        static const struct theme themes[SCHEME_N] = {
                [SCHEME_DEFAULT] = { "#e8e8e8", "#000000", ON_BLACK },
                [SCHEME_LIGHT] = { "#000000", "#ffffff", ON_WHITE },
                [SCHEME_HIGH_CONTRAST] = { "#ffffff", "#000000", ON_BLACK },
                [SCHEME_MONO] = { "#e8e8e8", "#000000", ON_BLACK },
                [SCHEME_OKABE_ITO] = { "#e8e8e8", "#000000", ON_BLACK },
        };

        return &themes[(unsigned)scheme < SCHEME_N ? scheme : SCHEME_DEFAULT];
}
