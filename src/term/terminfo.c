/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "term/terminfo.h"

#include <string.h>
#include <unistd.h>

#include <curses.h>
#include <term.h>

#include "base/str.h"

static const char step[] = "open the terminal";

static bool refuse(struct fault *fault)
{
        return fault_hint(fault,
                          "try `TERM=xterm vitrine`; or `vitrine snapshot`, which prints the same as text");
}

static bool refuse_simple(struct fault *fault, const char *name)
{
        fault_why(fault, step, "TERM is %.80s: such a terminal cannot place its cursor", name);
        return refuse(fault);
}

bool terminfo_check(const char *name, struct fault *fault)
{
        int error = 0;
        bool moves;

        if (!name || !*name) {
                fault_why(fault, step, "TERM is not set, so what kind of terminal this is, is not known");
                return refuse(fault);
        }
        if (strcmp(name, "dumb") == 0)
                return refuse_simple(fault, name);
        if (setupterm(name, STDOUT_FILENO, &error) == ERR) {
                if (error == 1)
                        return refuse_simple(fault, name);
                fault_why(fault, step, "TERM is %.80s: there is no terminfo entry of that name", name);
                return refuse(fault);
        }
        moves = cursor_address && clear_screen;
        del_curterm(cur_term);
        return moves ? true : refuse_simple(fault, name);
}

/* Adds a capability without its padding ($<5>), which only ancient terminals need. */
static void add_sequence(struct str *str, const char *sequence)
{
        if (!sequence)
                return;
        while (*sequence) {
                const char *end = strncmp(sequence, "$<", 2) == 0 ? strchr(sequence, '>') : NULL;

                if (end)
                        sequence = end + 1;
                else
                        str_add_c(str, *sequence++);
        }
}

char *terminfo_restore(bool colours, const char *mouse_off)
{
        struct str restore = { 0 };

        str_add(&restore, mouse_off);
        add_sequence(&restore, exit_attribute_mode);
        if (colours)
                add_sequence(&restore, orig_pair);
        add_sequence(&restore, keypad_local);
        add_sequence(&restore, exit_ca_mode);
        add_sequence(&restore, cursor_normal); /* who leaves a screen that was not entered may hide it */
        return str_take(&restore);
}

const char *terminfo_mouse(bool on)
{
        if (!key_mouse || (strcmp(key_mouse, "\033[M") != 0 && strcmp(key_mouse, "\033[<") != 0))
                return "";
        return on ? "\033[?1000h\033[?1006h" : "\033[?1006l\033[?1000l";
}

/* The console and the terminals of old print what they do not know. */
bool terminfo_copies(void)
{
        const char *name = termname();

        return *terminfo_mouse(true) && strncmp(name, "linux", 5) != 0;
}
