/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/called.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/own.h"
#include "base/str.h"

enum { LONG = 100 };

/* One process has one name. */
static const char *called; /* NOLINT(cppcoreguidelines-avoid-non-const-global-variables) */

void called_by(const char *word)
{
        called = word;
}

static bool is_plain(const char *word)
{
        size_t n = strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._+-");

        return n > 0 && n < LONG && !word[n] && word[0] != '-';
}

/* Where sudo looks: the secure_path of Debian, Fedora and their kin. */
static bool sudo_finds(const char *word)
{
        static const char *const dirs[] = { "/usr/local/sbin", "/usr/local/bin", "/usr/sbin",
                                            "/usr/bin",        "/sbin",          "/bin" };
        struct stat own, found;

        if (stat("/proc/self/exe", &own) < 0)
                return false;
        for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
                own_free char *path = xasprintf("%s/%s", dirs[i], word);

                if (stat(path, &found) == 0)
                        return found.st_dev == own.st_dev && found.st_ino == own.st_ino;
        }
        return false;
}

static char *name(bool for_sudo)
{
        char path[LONG] = "";
        ssize_t n;

        if (!called || !is_plain(called))
                return xstrdup("vitrine");
        if (!for_sudo || strchr(called, '/') || sudo_finds(called))
                return xstrdup(called);
        n = readlink("/proc/self/exe", path, sizeof(path) - 1);
        return xstrdup(n > 0 && n < LONG - 1 && is_plain(path) ? path : "vitrine");
}

static bool begins(const char *at, const char *word)
{
        size_t n = strlen(word);

        return strncmp(at, word, n) == 0 && !isalnum((unsigned char)at[n]) &&
               !strchr("-/_", at[n] ? at[n] : ' ');
}

static bool stands_behind(const char *hint, const char *at, const char *word)
{
        size_t n = strlen(word);

        return (size_t)(at - hint) >= n && strncmp(at - n, word, n) == 0;
}

/* A name that stands already is left alone: the same hint may be told on. */
static bool begins_path(const char *hint, const char *at)
{
        return begins(at, "./vitrine") && (at == hint || strchr(" `(", at[-1]));
}

char *called_in(const char *hint)
{
        own_free char *own = name(false), *for_sudo = name(true);
        struct str out = { 0 };
        const char *at = hint;

        while (*at) {
                bool sudo = stands_behind(hint, at, "sudo ");
                size_t n = 0;

                /* Elsewhere vitrine is the program that is spoken of. */
                if (begins_path(hint, at))
                        n = strlen("./vitrine");
                else if (begins(at, "vitrine") &&
                         (sudo || stands_behind(hint, at, "=xterm ") || stands_behind(hint, at, "`")))
                        n = strlen("vitrine");
                if (n)
                        str_add(&out, sudo ? for_sudo : own);
                else
                        str_add_n(&out, at, n = 1);
                at += n;
        }
        return str_take(&out);
}
