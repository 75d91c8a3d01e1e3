/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cast/publish.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "cast/file.h"

enum { PART_BYTES = 4 << 20 };
#define VTT_BEGINS "WEBVTT\n"

char *publish_assets_dir(void)
{
        return io_beside("assets", R_OK | X_OK, PKGDATADIR);
}

bool publish_vtt(const char *path, const struct cues *captions, uint64_t end_ms, struct fault *fault)
{
        own_free char *text = cues_vtt(captions, end_ms);

        return file_replace(path, VTT_BEGINS, text, strlen(text), fault);
}

static bool read_part(const char *dir, const char *name, char **ret, struct fault *fault)
{
        own_free char *path = xasprintf("%s/%s", dir, name);
        size_t n;

        if (!io_read_file(AT_FDCWD, path, PART_BYTES, ret, &n)) {
                fault_errno(fault, path, "read a part of the page");
                return fault_hint(fault,
                                  "they lie in assets/ beside vitrine, or where `make install` puts them");
        }
        return true;
}

/* Whether a text within a script or style element would end it, or change how the rest is read. */
static bool breaks_out(const char *text)
{
        return strcasestr(text, "</script") || strcasestr(text, "<script") || strstr(text, "<!--") ||
               strcasestr(text, "</style");
}

static void parts_finish(struct page_parts *parts)
{
        free(parts->frame);
        free(parts->player_js);
        free(parts->player_css);
        free(parts->player_licence);
}

static bool read_parts(const char *dir, struct page_parts *ret, struct fault *fault)
{
        if (!read_part(dir, "page.html", &ret->frame, fault) ||
            !read_part(dir, "asciinema-player/asciinema-player.min.js", &ret->player_js, fault) ||
            !read_part(dir, "asciinema-player/asciinema-player.css", &ret->player_css, fault) ||
            !read_part(dir, "asciinema-player/LICENSE", &ret->player_licence, fault))
                return false;
        if (breaks_out(ret->player_js) || breaks_out(ret->player_css))
                return fault_why(fault, "read a part of the page", "the player cannot stand within a page");
        return true;
}

bool publish_check(const char *vtt_path, const char *page_path, const char *assets_dir, struct fault *fault)
{
        struct page_parts parts = { 0 };
        bool ok = (!vtt_path || file_check(vtt_path, VTT_BEGINS, fault)) &&
                  (!page_path ||
                   (file_check(page_path, PAGE_BEGINS, fault) && read_parts(assets_dir, &parts, fault)));

        parts_finish(&parts);
        return ok;
}

bool publish_page(const char *path, const char *assets_dir, const struct page *page, struct fault *fault)
{
        struct page_parts parts = { 0 };
        own_free char *text = NULL;
        bool ok = read_parts(assets_dir, &parts, fault);
        size_t n;

        if (ok) {
                text = page_text(page, &parts, &n);
                ok = file_replace(path, PAGE_BEGINS, text, n, fault);
        }
        parts_finish(&parts);
        return ok;
}
