/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "spec/users.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

static const char out_of_range[] = "uids and gids must be in range 0-2147483647";
enum { ID_MAX = 2147483647 };

/* A part of a text. */
struct part {
        const char *s;
        size_t n;
};

/* A line of passwd or group, cut at its colons; what is missing is empty. */
enum { NAME, PASSWORD, UID, GROUP_LIST, PASSWD_GID = 3, GECOS, HOME, FIELDS };
struct entry {
        struct part field[FIELDS];
};

static bool part_is(struct part part, const char *word)
{
        return strlen(word) == part.n && memcmp(part.s, word, part.n) == 0;
}

/* Cuts part at the first c; the rest comes back. */
static struct part cut(struct part *part, char c)
{
        const char *at = part->n ? memchr(part->s, c, part->n) : NULL;
        struct part rest = { part->s + part->n, 0 };

        if (at) {
                rest = (struct part){ at + 1, part->n - (size_t)(at - part->s) - 1 };
                part->n = (size_t)(at - part->s);
        }
        return rest;
}

static struct part trim(struct part part)
{
        while (part.n && isspace((unsigned char)part.s[0])) {
                part.s++;
                part.n--;
        }
        while (part.n && isspace((unsigned char)part.s[part.n - 1]))
                part.n--;
        return part;
}

/* The next line that is not blank. */
static bool next_entry(const char **text, struct entry *ret)
{
        while (**text) {
                struct part line = { *text, strcspn(*text, "\n") };

                *text += line.n + (line.s[line.n] == '\n');
                line = trim(line);
                if (!line.n)
                        continue;
                for (int i = 0; i < FIELDS; i++) {
                        struct part rest = cut(&line, ':');

                        ret->field[i] = line;
                        line = rest;
                }
                return true;
        }
        return false;
}

/* A decimal number with a sign or none, as Go's Atoi reads it. */
static bool read_number(struct part part, long long *ret)
{
        char digits[24], *end;
        size_t sign = part.n && (part.s[0] == '-' || part.s[0] == '+');

        if (part.n <= sign || part.n >= sizeof(digits))
                return false;
        for (size_t i = sign; i < part.n; i++)
                if (!isdigit((unsigned char)part.s[i]))
                        return false;
        memcpy(digits, part.s, part.n);
        digits[part.n] = '\0';
        errno = 0;
        *ret = strtoll(digits, &end, 10);
        return errno == 0;
}

/* The number of a line in a file, where what is none counts as 0. */
static long long entry_number(const struct entry *entry, int field)
{
        long long number = 0;

        return read_number(entry->field[field], &number) ? number : 0;
}

static bool in_range(long long number)
{
        return number >= 0 && number <= ID_MAX;
}

static bool fail(char why[static USERS_WHY], const char *text)
{
        snprintf(why, USERS_WHY, "%s", text);
        return false;
}

/* How much of a word a reason shows. */
static int shown_length(struct part part)
{
        return part.n < 100 ? (int)part.n : 100;
}

/* The first line whose name or number (field UID in both files) is the word. */
static bool find_entry(const char *text, struct part word, struct entry *ret)
{
        long long number;
        bool is_number = read_number(word, &number);

        while (next_entry(&text, ret)) {
                if (is_number
                            ? entry_number(ret, UID) == number
                            : ret->field[NAME].n == word.n && memcmp(ret->field[NAME].s, word.s, word.n) == 0)
                        return true;
        }
        return false;
}

static bool find_user(const struct users *users, struct part word, struct identity *ret,
                      struct part *ret_name, char why[static USERS_WHY])
{
        struct entry entry;
        long long uid = 0, gid = 0;
        struct part home = { "/", 1 };

        if (find_entry(users->passwd, word.n ? word : (struct part){ "0", 1 }, &entry)) {
                uid = entry_number(&entry, UID);
                gid = entry_number(&entry, PASSWD_GID);
                *ret_name = entry.field[NAME];
                if (entry.field[HOME].n)
                        home = entry.field[HOME];
        } else if (word.n && !read_number(word, &uid)) {
                snprintf(why, USERS_WHY, "unable to find user %.*s: no matching entries in passwd file",
                         shown_length(word), word.s);
                return false;
        }
        if (!in_range(uid) || !in_range(gid))
                return fail(why, out_of_range);
        ret->uid = (uint32_t)uid;
        ret->gid = (uint32_t)gid;
        ret->home = xstrndup(home.s, home.n);
        return true;
}

enum found { FOUND, FOUND_NONE, FOUND_OUT_OF_RANGE };

static enum found find_group(const struct users *users, struct part word, uint32_t *ret)
{
        struct entry entry;
        long long gid;

        if (find_entry(users->group, word, &entry))
                gid = entry_number(&entry, UID);
        else if (!read_number(word, &gid))
                return FOUND_NONE;
        if (!in_range(gid))
                return FOUND_OUT_OF_RANGE;
        *ret = (uint32_t)gid;
        return FOUND;
}

static bool find_primary(const struct users *users, struct part word, struct identity *ret,
                         char why[static USERS_WHY])
{
        enum found found = find_group(users, word, &ret->gid);

        if (found == FOUND_NONE)
                snprintf(why, USERS_WHY, "unable to find group %.*s: no matching entries in group file",
                         shown_length(word), word.s);
        return found == FOUND || (found == FOUND_OUT_OF_RANGE && fail(why, out_of_range));
}

/* Whether a group's list names the user. */
static bool lists(struct part list, struct part user)
{
        while (list.n) {
                struct part rest = cut(&list, ',');

                if (list.n == user.n && memcmp(list.s, user.s, user.n) == 0)
                        return true;
                list = rest;
        }
        return false;
}

static bool find_memberships(const struct users *users, struct part name, struct identity *ret,
                             char why[static USERS_WHY])
{
        const char *text = users->group;
        struct entry entry;

        while (name.n && next_entry(&text, &entry)) {
                long long gid = entry_number(&entry, UID);

                if (!lists(entry.field[GROUP_LIST], name))
                        continue;
                if (!in_range(gid))
                        return fail(why, out_of_range);
                if (ret->n_groups == RESOLVED_MAX_GROUPS)
                        return fail(why, "the image's group file lists it in more than 64 groups");
                ret->groups[ret->n_groups++] = (uint32_t)gid;
        }
        return true;
}

bool users_find(const struct users *users, const char *word, struct identity *ret, char why[static USERS_WHY])
{
        struct part user = { word, strlen(word) }, name = { "", 0 };
        struct part group = cut(&user, ':');
        struct identity identity = { 0 };
        bool ok;

        /* What stands after a second colon counts for nothing. */
        cut(&group, ':');
        if (!find_user(users, user, &identity, &name, why))
                return false;
        if (group.n)
                ok = find_primary(users, group, &identity, why);
        else
                ok = find_memberships(users, name, &identity, why);
        if (!ok) {
                free(identity.home);
                return false;
        }
        *ret = identity;
        return true;
}

bool users_find_group(const struct users *users, const char *word, uint32_t *ret, char why[static USERS_WHY])
{
        enum found found = find_group(users, (struct part){ word, strlen(word) }, ret);

        if (found == FOUND_NONE)
                snprintf(why, USERS_WHY, "Unable to find group %.100s", word);
        return found == FOUND || (found == FOUND_OUT_OF_RANGE && fail(why, out_of_range));
}

bool users_is_root(const char *word)
{
        struct part user = { word, strlen(word) };
        long long number;

        cut(&user, ':');
        return !user.n || part_is(user, "root") || (read_number(user, &number) && number == 0);
}

static bool name_of(const char *text, uint32_t id, char *buf, size_t size)
{
        struct entry entry;
        long long number;

        while (next_entry(&text, &entry)) {
                /* A line without a number (NIS's `+::::::`) names nobody here. */
                if (!read_number(entry.field[UID], &number) || number != (long long)id ||
                    !entry.field[NAME].n)
                        continue;
                snprintf(buf, size, "%.*s", (int)(entry.field[NAME].n < 4096 ? entry.field[NAME].n : 4096),
                         entry.field[NAME].s);
                return true;
        }
        return false;
}

bool users_name_of_uid(const struct users *users, uint32_t uid, char *buf, size_t size)
{
        return name_of(users->passwd, uid, buf, size);
}

bool users_name_of_gid(const struct users *users, uint32_t gid, char *buf, size_t size)
{
        return name_of(users->group, gid, buf, size);
}
