/* SPDX-License-Identifier: MIT */
/* What is seen, in the words of `vitrine snapshot`: all of it, or what has changed. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "cmd/plain_state.h"
#include "stage/namespaces.h"
#include "ui/result.h"

static const char *next_line(const char *line)
{
        line += strcspn(line, "\n");
        return *line ? line + 1 : line;
}

static char *copy_line(const char *line)
{
        return xstrndup(line, (size_t)(next_line(line) - line));
}

/* The part of the text that begins with that heading, up to an empty line; "" when there is none. */
static char *section(const char *text, const char *heading)
{
        bool begins = true;

        for (; *text; text = next_line(text)) {
                if (begins && strncmp(text, heading, strlen(heading)) == 0) {
                        const char *end = strstr(text, "\n\n");

                        return end ? xstrndup(text, (size_t)(end + 1 - text)) : xstrdup(text);
                }
                begins = *text == '\n';
        }
        return xstrdup("");
}

static bool is_tied(const char *line)
{
        return strncmp(line, "► ", strlen("► ")) == 0 || strncmp(line, "> ", 2) == 0;
}

/* Of a table of processes what is tied, its heads, and the sentences below it. */
static char *brief(const char *table)
{
        struct str out = { 0 };

        for (size_t i = 0; *table; i++, table = next_line(table)) {
                own_free char *line = copy_line(table);

                if (i < 2 || *line != ' ')
                        str_add(&out, line);
        }
        return str_take(&out);
}

/* The tied rows of both sides alone: what the container is made of. How wide the columns are is the other
 * processes' doing. */
static char *ties(const char *text)
{
        struct str out = { 0 };

        for (; *text; text = next_line(text)) {
                own_free char *line = copy_line(text);

                for (const char *at = is_tied(line) ? line : ""; *at; at++)
                        if (*at != ' ' || at[1] != ' ')
                                str_add_c(&out, *at);
        }
        return str_take(&out);
}

/* Below the docker line, which is the title of the screen. */
static void print_brief(struct plain *plain, const char *text)
{
        own_free char *title = copy_line(text);
        own_free char *host = section(text, "HOST "), *container = section(text, "CONTAINER ");
        own_free char *short_host = brief(host), *short_container = brief(container);

        plain_blank(plain);
        plain_text(plain, title);
        plain_text(plain, short_host);
        plain_text(plain, short_container);
}

/* Lines of one section that were not there before. */
static void print_new_lines(struct plain *plain, const char *before, const char *now)
{
        for (; *now; now = next_line(now)) {
                own_free char *line = copy_line(now);

                if (*line != '\n' && !strstr(before, line))
                        plain_text(plain, line);
        }
}

static void print_names(struct plain *plain, const char *what, uint64_t mask)
{
        struct str names = { 0 };

        for (unsigned bit = 0; bit < CAPS_N; bit++)
                if (mask & caps_bit(bit))
                        str_add_f(&names, "%s%s (bit %u)", names.len ? ", " : "", caps_info(bit)->name, bit);
        if (mask)
                plain_say(plain, "%s: %s.", what, str_text(&names));
        str_finish(&names);
}

/* From inside, as everything that is said of the mask. */
static void print_bits(struct plain *plain, const struct status *before, const struct status *now)
{
        const struct cap_sets *old = &before->caps, *new = &now->caps;
        char was[17], is[17];

        print_names(plain, "Not held any more", old->effective & ~new->effective);
        print_names(plain, "Held now", new->effective & ~old->effective);
        print_names(plain, "Not allowed any more", old->bounding & ~new->bounding & ~old->effective);
        print_names(plain, "Allowed now, not held", new->bounding & ~old->bounding & ~new->effective);
        caps_hex(old->effective, was);
        caps_hex(new->effective, is);
        if (old->effective != new->effective)
                plain_say(plain, "Held: %u, before: %u. Effective %s, before %s.", caps_count(new->effective),
                          caps_count(old->effective), is, was);
        caps_hex(old->bounding, was);
        caps_hex(new->bounding, is);
        if (old->bounding != new->bounding)
                plain_say(plain, "Bounding set: %u, before: %u. Bounding %s, before %s.",
                          caps_count(new->bounding), caps_count(old->bounding), is, was);
}

static void print_first(struct plain *plain, const char *text, const struct view *view)
{
        own_free char *user = section(text, "USER "), *caps = section(text, "CAPABILITIES ");
        own_free char *user_line = copy_line(user), *held = copy_line(next_line(caps));

        print_brief(plain, text);
        plain_text(plain, user_line);
        plain_text(plain, held);
        if (*view->image_note)
                plain_say(plain, "Note: %s.", view->image_note);
}

static void print_change(struct plain *plain, const char *text, const struct view *view)
{
        const struct told *told = &plain->told;
        own_free char *user = section(text, "USER "), *old_user = section(told->text, "USER ");
        own_free char *caps = section(text, "CAPABILITIES "),
                      *old_caps = section(told->text, "CAPABILITIES ");
        own_free char *user_line = copy_line(user);
        const char *rows = next_line(next_line(caps)), *old_rows = next_line(next_line(old_caps));
        bool other = view->now->init_host != told->init;

        print_brief(plain, text);
        if (other)
                plain_say(plain, "A new container: process %d ended, %d is new.", told->init,
                          view->now->init_host);
        if (strstr(old_user, user_line))
                plain_text(plain, user_line);
        print_new_lines(plain, old_user, user);
        if (!told->status.pid || !view->now->init_inside.pid)
                return;
        print_bits(plain, &told->status, &view->now->init_inside);
        if (strcmp(rows, old_rows) != 0) {
                plain_say(plain, "Rows of the mask that changed (show caps prints all):");
                print_new_lines(plain, old_rows, rows);
        }
}

static bool is_changed(const struct told *told, const char *text)
{
        own_free char *now = ties(text), *before = ties(told->text);
        own_free char *user = section(text, "USER "), *old_user = section(told->text, "USER ");

        return strcmp(now, before) != 0 || strcmp(user, old_user) != 0;
}

bool plain_changes(struct plain *plain, const struct view *view)
{
        struct told *told = &plain->told;
        own_free char *text = view->now ? stage_text(plain->stage) : NULL;
        bool first = !told->text, changed;

        if (!text)
                return false;
        changed = first || is_changed(told, text);
        if (first)
                print_first(plain, text, view);
        else if (changed)
                print_change(plain, text, view);
        free(told->text);
        told->text = take_ptr(text);
        told->init = view->now->init_host;
        told->status = view->now->init_inside;
        return changed;
}

/* With the numbers by which one knows whether it is the same one. */
static void print_namespaces(struct plain *plain)
{
        struct view view;

        stage_peek(plain->stage, &view);
        if (!view.now)
                return;
        plain_say(plain, "Namespaces: each by its number in the container and on the machine.");
        for (unsigned i = 0; i < NS_T_N; i++) {
                unsigned long long in = view.now->ns.container[i], out = view.now->ns.host[i];

                if (!in || !out)
                        plain_say(plain, "%s: not readable", ns_type_names[i]);
                else
                        plain_say(plain, "%s: container %llu, machine %llu: %s", ns_type_names[i], in, out,
                                  in == out ? "shared" : "the container's own");
        }
}

bool plain_show(struct plain *plain, const char *part)
{
        static const struct {
                const char *word, *heading;
        } parts[] = {
                { "host", "HOST " },
                { "container", "CONTAINER " },
                { "user", "USER " },
                { "caps", "CAPABILITIES " },
        };
        own_free char *text = stage_text(plain->stage);

        if (strcmp(part, "namespaces") == 0) {
                print_namespaces(plain);
                return true;
        }
        if (strcmp(part, "result") == 0) {
                if (stage_last_command(plain->stage))
                        plain_result(plain, stage_last_command(plain->stage));
                else
                        plain_say(plain, "Nothing was run inside in this step.");
                return true;
        }
        if (strcmp(part, "all") == 0) {
                plain_text(plain, text ? text : "nothing is seen yet\n");
                return true;
        }
        for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
                own_free char *found = NULL;

                if (strcmp(parts[i].word, part) != 0)
                        continue;
                found = section(text ? text : "", parts[i].heading);
                plain_text(plain, *found ? found : "nothing is seen of it\n");
                return true;
        }
        return false;
}

void plain_look(struct plain *plain, enum lesson_look look, bool printed)
{
        bool sides = look == LESSON_LOOK_HOST || look == LESSON_LOOK_CONTAINER;

        if (look == LESSON_LOOK_NONE || look == LESSON_LOOK_RESULT || (printed && sides))
                return;
        plain_blank(plain);
        if (look == LESSON_LOOK_HOST) {
                own_free char *text = stage_text(plain->stage), *host = section(text ? text : "", "HOST ");
                own_free char *short_host = brief(host);

                plain_text(plain, short_host);
                plain_say(plain, "Only the marked rows stand here: show host prints all.");
        } else if (look == LESSON_LOOK_USER && printed) {
                /* Its first line stands there already. */
                own_free char *text = stage_text(plain->stage), *user = section(text ? text : "", "USER ");

                plain_text(plain, next_line(user));
        } else {
                plain_show(plain, lesson_look_names[look]);
        }
}

static void print_cap(struct plain *plain, const struct view *view)
{
        const struct cap_info *info = caps_info(view->cap);
        bool held = view->now && view->now->init_inside.caps.effective & caps_bit(view->cap);
        bool allowed = view->now && view->now->init_inside.caps.bounding & caps_bit(view->cap);

        plain_say(plain, "%s, bit %u: %s. It is %s. space adds or drops it.", info->name, view->cap,
                  info->clause,
                  held      ? "held"
                  : allowed ? "in the bounding set, not held"
                            : "not allowed");
}

void plain_place(struct plain *plain)
{
        static const char *const panes[PANE_N] = {
                [PANE_HOST] = "HOST, the machine's processes", [PANE_CONTAINER] = "CONTAINER, its processes"
        };
        struct view view;

        stage_peek(plain->stage, &view);
        if (view.focus == PANE_CAPS)
                print_cap(plain, &view);
        else if (view.focus == PANE_NS)
                plain_say(plain, "Namespace %s: %s. space shares it with the machine or takes it back.",
                          ns_entries[view.ns].name, ns_entries[view.ns].own);
        else if (panes[view.focus])
                plain_say(plain, "The keys are for %s now; Tab goes on.", panes[view.focus]);
}

void plain_result(struct plain *plain, const struct run_entry *entry)
{
        const struct view view = { .ascii = plain->ascii };
        const struct pen pen = { .view = &view };
        own_free char *line = result_line(&pen, entry);

        plain_blank(plain);
        plain_say(plain, entry->output.len ? "%s printed:" : "%s printed nothing.", line);
        if (entry->dropped)
                plain_say(plain, "(The first %zu line%s of it %s not kept.)", entry->dropped,
                          entry->dropped > 1 ? "s" : "", entry->dropped > 1 ? "were" : "was");
        if (entry->cut)
                plain_say(plain, "(This line is longer: its beginning was not kept.)");
        plain_output(plain, str_text(&entry->output));
        if (entry->ended)
                plain_say(plain, "It ended with status %d%s.", entry->exit, entry->exit ? "" : ", success");
        else
                plain_say(plain, "It still runs.");
}
