/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "snapshot/marks.h"

#include <string.h>

enum { DIGITS = 11 };

/* How wide the names of a digit's four bits are, from the left. A letter as mark needs a blank behind it to
 * be read or spoken as one; with a width of its own a column, that fits too. */
static const int widths_utf8[4] = { 17, 17, 17, 17 }, widths_ascii[4] = { 14, 17, 16, 18 };

/* What init does not hold and could come to hold: in the bounding set, and not out of reach because no
 * program can raise it (no-new-privileges), or because uid 0, which it would take, is not mapped (one id). */
static uint64_t regainable(const struct snapshot *snapshot)
{
        const struct status *init = &snapshot->init_inside;
        bool closed = init->no_new_privs || (snapshot->mode == MODE_ONE_ID && init->uid[1] != 0);
        uint64_t reach = closed ? init->caps.permitted : init->caps.bounding;

        return reach & ~init->caps.effective;
}

static void add_cell(struct str *out, const struct snapshot *snapshot, unsigned bit,
                     const struct marks *marks)
{
        uint64_t mask = caps_bit(bit);
        int width = (marks->ascii ? widths_ascii : widths_utf8)[3 - bit % 4];
        const char *gap = marks->ascii ? " " : "";
        const struct cap_info *info;
        const char *mark = marks->denied, *name;

        if (bit >= CAPS_N) {
                str_add_f(out, " %s%*s", gap, width, "");
                return;
        }
        info = caps_info(bit);
        name = info->lower;
        if (snapshot->init_inside.caps.effective & mask)
                mark = marks->held, name = info->name;
        else if (regainable(snapshot) & mask)
                mark = marks->allowed;
        else if (snapshot->missing & mask)
                mark = "!";
        str_add_f(out, "%s%s%-*s", mark, gap, width, name);
}

/* Ends a line without blanks at its end. */
static void end_line(struct str *out)
{
        while (out->len > 0 && out->s[out->len - 1] == ' ')
                out->s[--out->len] = '\0';
        str_add_c(out, '\n');
}

static void add_digits(struct str *out, const struct snapshot *snapshot, const struct marks *marks)
{
        for (unsigned digit = DIGITS; digit-- > 0;) {
                unsigned bits = snapshot->init_inside.caps.effective >> (digit * 4) & 15;

                str_add_f(out, "%x ", bits);
                for (unsigned i = 4; i-- > 0;)
                        str_add_c(out, bits >> i & 1 ? '1' : '0');
                str_add_c(out, ' ');
                for (unsigned i = 4; i-- > 0;)
                        add_cell(out, snapshot, digit * 4 + i, marks);
                end_line(out);
        }
}

static void add_missing(struct str *out, uint64_t missing)
{
        size_t line = out->len;

        if (!missing)
                return;
        str_add(out, "! this machine's own bounding set lacks");
        for (unsigned bit = 0; bit < CAPS_N; bit++) {
                const char *name = caps_info(bit)->name;

                if (!(missing & caps_bit(bit)))
                        continue;
                if (out->len - line + 1 + strlen(name) > TEXT_COLS) {
                        str_add_c(out, '\n');
                        line = out->len;
                        str_add_c(out, ' ');
                }
                str_add_f(out, " %s", name);
        }
        str_add_c(out, '\n');
}

void text_add_caps(struct str *out, const struct snapshot *snapshot, const struct marks *marks)
{
        const struct cap_sets *caps = &snapshot->init_inside.caps;
        char effective[17], bounding[17];

        caps_hex(caps->effective, effective);
        caps_hex(caps->bounding, bounding);
        str_add_f(out, "CAPABILITIES  root in %d pieces\n", CAPS_N);
        str_add_f(out, "%u held: effective %s   %u in the bounding set %s\n", caps_count(caps->effective),
                  effective, caps_count(caps->bounding), bounding);
        str_add_f(out, "effective, read down; 1 = held  %s held   %s allowed, not held   %s not allowed\n",
                  marks->held, marks->allowed, marks->denied);
        add_digits(out, snapshot, marks);
        add_missing(out, snapshot->missing);
}
