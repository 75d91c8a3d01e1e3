/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "stage/action.h"

#include <string.h>

#define ARROWS_HELP "go to another capability; in a process pane scroll, or pick a column"
#define PAGES_HELP "in a lesson the next step, the one before; else a page"

/* clang-format off */
const struct action actions[] = {
        { ACT_LEFT, "left", "Left", NULL, "arrows", "↑↓←→ pick", ARROWS_HELP, NULL },
        { ACT_RIGHT, "right", "Right", NULL, "arrows", NULL, ARROWS_HELP, NULL },
        { ACT_UP, "up", "Up", NULL, "arrows", NULL, ARROWS_HELP, NULL },
        { ACT_DOWN, "down", "Down", NULL, "arrows", "↑↓ scroll", ARROWS_HELP, NULL },
        { ACT_NEXT_PANE, "next-pane", "Tab", NULL, "Tab", "Tab: next pane",
          "go to the next pane: host, container, capabilities", NULL },
        { ACT_TOGGLE, "toggle", "space", NULL, "space", "space: add or drop",
          "drop or add the selected capability", "--cap-drop, --cap-add" },
        { ACT_ADD, "add", "a", NULL, "a", "a: add by name", "type a capability to add; Tab completes, ALL works",
          "--cap-add" },
        { ACT_DROP, "drop", "d", NULL, "d", "d: drop by name", "type a capability to drop", "--cap-drop" },
        { ACT_KILL, "kill", "K", NULL, "K", "K: KILL", "drop KILL, or restore it", "--cap-drop=KILL" },
        { ACT_MAC_ADMIN, "mac-admin", "M", NULL, "M", "M: MAC_ADMIN", "add MAC_ADMIN, or remove it",
          "--cap-add=MAC_ADMIN" },
        { ACT_USER, "user", "u", NULL, "u", "u: stop being root",
          "run as the next user: root, 1000, the image's own", "--user" },
        { ACT_TYPE_USER, "type-user", "U", NULL, "U", "U: type a user",
          "type a user: 1000, 1000:1000, student; empty: the image's own", "--user" },
        { ACT_PRIVILEGED, "privileged", "p", NULL, "p", "p: privileged",
          "privileged, on or off; real root is asked first", "--privileged" },
        { ACT_NAMESPACES, "namespaces", "n", NULL, "n", "n: namespaces",
          "the namespaces: arrows pick, space shares or unshares one; n leaves",
          "--pid, --network, --uts, --ipc, --cgroupns" },
        { ACT_NO_NEW_PRIVS, "no-new-privileges", "N", NULL, "N", "N: no new privileges",
          "no new privileges: on, off",
          "--security-opt no-new-privileges" },
        { ACT_TYPE_LINE, "line", "c", NULL, "c", "c: docker line",
          "type a whole docker run line, and see all of the present one", NULL },
        { ACT_EXEC, "exec", "!", NULL, "!", "!: run inside",
          "run one command inside: ps ax, or -u student id", "docker exec" },
        { ACT_SHELL, "shell", "x", NULL, "x", "x: shell", "a shell inside, in a pane; Ctrl-]: back, the shell goes on; exit ends it",
          "docker exec -it" },
        { ACT_PROBE, "probe", "P", NULL, "P", "P: probe", "ask the kernel about every capability, with one harmless call each",
          NULL },
        { ACT_COPY, "copy", "y", NULL, "y", "y: copy the line",
          "copy the docker line; it is printed again on leaving", NULL },
        { ACT_EQUIVALENT, "equivalent", "e", NULL, "e", "e: as docker/k8s",
          "this container as docker, podman, Kubernetes, compose", NULL },
        { ACT_UNDO, "undo", "z", NULL, "z", "z: undo", "undo: a container as before the last change", NULL },
        { ACT_REDO, "redo", "Z", NULL, "Z", NULL, "redo what was undone", NULL },
        { ACT_RESTART, "restart", "r", NULL, "r", "r: start again",
          "the same again once it has ended; in a lesson this step afresh; else the first line", NULL },
        { ACT_FOLLOW, "follow", "=", NULL, "=", "=: back to the tie",
          "bring the tied processes back into view after scrolling", NULL },
        { ACT_HOST_MODE, "host-mode", "H", NULL, "H", "H: less of the host",
          "the host's processes: names, only what is tied, or all in full", "--host" },
        { ACT_TREE, "tree", "t", NULL, "t", "t: tree or flat", "processes as a tree, or by PID", NULL },
        { ACT_BIG, "big", "B", NULL, "B", "B: big", "big, for a projector: bold, fewer columns", "--big" },
        { ACT_INFO, "what-is-this", "i", NULL, "i", "i: what is this?",
          "explain the capability, namespace or column under the cursor", NULL },
        { ACT_FILTER, "filter", "/", NULL, "/", "/: filter",
          "show only processes with a text: name, command, user or PID", NULL },
        { ACT_RECORD, "record", "R", NULL, "R", "R: record",
          "start or stop recording what is shown, into a file of the current folder", NULL },
        { ACT_LESSONS, "lessons", "l", NULL, "l", "l:lessons", "the lessons, and how far you have come", NULL },
        { ACT_HINT, "hint", "h", NULL, "h", "h: hint", "in a lesson a hint; pressed again, what to press", NULL },
        { ACT_ANSWER, "answer", "Enter", NULL, "Enter", "Enter: answer", "in a lesson: answer its question", NULL },
        { ACT_SKIP, "skip", "s", NULL, "s", "s: skip", "in a lesson: skip this step", NULL },
        { ACT_HAND_BACK, "hand-back", "F2", NULL, "F2", "F2 hands back",
          "in a demo: after you have taken the keys, hand them back", NULL },
        { ACT_PAGE_DOWN, "page-down", "PgDn", NULL, "PgDn PgUp", NULL, PAGES_HELP, NULL },
        { ACT_PAGE_UP, "page-up", "PgUp", NULL, "PgDn PgUp", NULL, PAGES_HELP, NULL },
        { ACT_HELP, "help", "?", "F1", "? F1", "?:help", "this help", NULL },
        { ACT_REDRAW, "redraw", "C-l", NULL, "Ctrl-L", NULL, "draw the screen anew", NULL },
        { ACT_SUSPEND, "suspend", "C-z", NULL, "Ctrl-Z", NULL,
          "back to the shell; the container goes on, and `fg` comes back", NULL },
        { ACT_QUIT, "quit", "q", NULL, "q", "q:quit",
          "end the container and leave; so does Ctrl-C pressed twice", NULL },
};
/* clang-format on */

const size_t actions_n = sizeof(actions) / sizeof(actions[0]);

const struct action *action_of_key(const char *key)
{
        for (size_t i = 0; i < actions_n; i++)
                if (strcmp(actions[i].key, key) == 0 ||
                    (actions[i].also && strcmp(actions[i].also, key) == 0))
                        return &actions[i];
        return NULL;
}
