/* SPDX-License-Identifier: MIT */
/* The one table of keys: it makes the dispatch, the key bar, the help, the manual and the words a lesson may
 * press. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct stage;

enum action_id {
        ACT_LEFT,
        ACT_RIGHT,
        ACT_UP,
        ACT_DOWN,
        ACT_NEXT_PANE,
        ACT_PAGE_DOWN,
        ACT_PAGE_UP,
        ACT_TOGGLE,
        ACT_KILL,
        ACT_MAC_ADMIN,
        ACT_USER,
        ACT_PRIVILEGED,
        ACT_NO_NEW_PRIVS,
        ACT_UNDO,
        ACT_REDO,
        ACT_RESTART,
        ACT_HELP,
        ACT_REDRAW,
        ACT_SUSPEND,
        ACT_QUIT,
        ACT_FOLLOW,
        ACT_NAMESPACES,
        ACT_INFO,
        ACT_HOST_MODE,
        ACT_TREE,
        ACT_BIG,
        ACT_ADD,
        ACT_DROP,
        ACT_TYPE_USER,
        ACT_TYPE_LINE,
        ACT_FILTER,
        ACT_EQUIVALENT,
        ACT_SHELL,
        ACT_EXEC,
        ACT_LESSONS,
        ACT_PROBE,
        ACT_HINT,
        ACT_ANSWER,
        ACT_SKIP,
        ACT_RECORD,
        ACT_HAND_BACK,
        ACT_COPY, /* the last one: a test counts */
};

struct action {
        enum action_id id;
        const char *name;  /* "user" */
        const char *key;   /* key name: "u", "space", "Up", "Tab", "C-l", "F1" */
        const char *also;  /* a second key, or NULL */
        const char *shown; /* how help writes the keys: "arrows" rows are merged by the same text; NULL: not
                              in help */
        const char *bar;   /* words in the key bar ("u: stop being root"), or NULL */
        const char *help;  /* one sentence */
        const char *flag;  /* the docker flag it stands for, or NULL */
};

/* The table and its length; sorted as the help shows it. */
extern const struct action actions[];
extern const size_t actions_n;

/* The entry that a key name means, or NULL. */
const struct action *action_of_key(const char *key);
