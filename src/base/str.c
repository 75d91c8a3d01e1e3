/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/str.h"

#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGE_BLOCK = 64 * 1024, SPARE_HEAP = 16 * 1024 };

void memory_give_back(void)
{
#if defined(M_MMAP_THRESHOLD) && defined(M_TRIM_THRESHOLD) && defined(M_TOP_PAD)
        mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK);
        mallopt(M_TRIM_THRESHOLD, LARGE_BLOCK);
        mallopt(M_TOP_PAD, SPARE_HEAP);
#endif
}

static void *checked(void *p)
{
        if (!p)
                abort();
        return p;
}

void *xmalloc(size_t size)
{
        return checked(malloc(size ? size : 1));
}

void *xcalloc(size_t n, size_t size)
{
        return checked(calloc(n ? n : 1, size ? size : 1));
}

void *xrealloc(void *p, size_t n, size_t size)
{
        if (size && n > SIZE_MAX / size)
                abort();
        return checked(realloc(p, n > 0 && size > 0 ? n * size : 1));
}

char *xstrdup(const char *s)
{
        return xstrndup(s, strlen(s));
}

char *xstrndup(const char *s, size_t n)
{
        size_t len = strnlen(s, n);
        char *copy = xmalloc(len + 1);

        memcpy(copy, s, len);
        copy[len] = '\0';
        return copy;
}

static void str_add_v(struct str *str, const char *format, va_list args)
{
        va_list again;
        int len;

        va_copy(again, args);
        len = vsnprintf(NULL, 0, format, again);
        va_end(again);
        if (len < 0)
                abort();
        if (str->size - str->len < (size_t)len + 1) {
                str->size = str->len * 2 + (size_t)len + 64;
                str->s = xrealloc(str->s, str->size, 1);
        }
        vsnprintf(str->s + str->len, (size_t)len + 1, format, args);
        str->len += (size_t)len;
}

char *xasprintf(const char *format, ...)
{
        struct str str = { 0 };
        va_list args;

        va_start(args, format);
        str_add_v(&str, format, args);
        va_end(args);
        return str_take(&str);
}

void str_add_n(struct str *str, const char *s, size_t n)
{
        if (str->size - str->len < n + 1) {
                str->size = str->len * 2 + n + 64;
                str->s = xrealloc(str->s, str->size, 1);
        }
        if (n > 0)
                memcpy(str->s + str->len, s, n);
        str->len += n;
        str->s[str->len] = '\0';
}

void str_add(struct str *str, const char *s)
{
        str_add_n(str, s, strlen(s));
}

void str_add_c(struct str *str, char c)
{
        str_add_n(str, &c, 1);
}

void str_add_f(struct str *str, const char *format, ...)
{
        va_list args;

        va_start(args, format);
        str_add_v(str, format, args);
        va_end(args);
}

const char *str_text(const struct str *str)
{
        return str->s ? str->s : "";
}

char *str_take(struct str *str)
{
        char *s = str->s ? str->s : xstrdup("");

        *str = (struct str){ 0 };
        return s;
}

void str_finish(struct str *str)
{
        free(str->s);
        *str = (struct str){ 0 };
}

void strv_add_take(struct strv *list, char *s)
{
        list->v = xrealloc(list->v, list->n + 2, sizeof(*list->v));
        list->v[list->n++] = s;
        list->v[list->n] = NULL;
}

void strv_add(struct strv *list, const char *s)
{
        strv_add_take(list, xstrdup(s));
}

void strv_remove(struct strv *list, size_t at)
{
        if (at >= list->n)
                return;
        free(list->v[at]);
        memmove(&list->v[at], &list->v[at + 1], (list->n - at) * sizeof(*list->v));
        list->n--;
}

int strv_find(const struct strv *list, const char *s)
{
        for (size_t i = 0; i < list->n; i++)
                if (strcmp(list->v[i], s) == 0)
                        return (int)i;
        return -1;
}

bool strv_equal(const struct strv *a, const struct strv *b)
{
        if (a->n != b->n)
                return false;
        for (size_t i = 0; i < a->n; i++)
                if (strcmp(a->v[i], b->v[i]) != 0)
                        return false;
        return true;
}

void strv_copy(struct strv *to, const struct strv *from)
{
        *to = (struct strv){ 0 };
        for (size_t i = 0; i < from->n; i++)
                strv_add(to, from->v[i]);
}

void strv_finish(struct strv *list)
{
        for (size_t i = 0; i < list->n; i++)
                free(list->v[i]);
        free(list->v);
        *list = (struct strv){ 0 };
}
