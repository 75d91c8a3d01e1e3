/* SPDX-License-Identifier: MIT */
/* What was asked for: a docker run line as plain data. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/str.h"
#include "caps/caps.h"
#include "spec/scheme_names.h"

/* A namespace as asked for. NS_NONE is --network none, for a cage the same as an own one. */
enum ns_choice { NS_OWN, NS_HOST, NS_NONE, NS_REMAP };

/* All pointers are owned by the spec. Strings are "" when nothing was said, never NULL. */
struct spec {
        char *image;         /* "ubuntu", "demo", "dir:PATH"; "" when the line has none */
        struct strv args;    /* the words after the image */
        bool has_entrypoint; /* --entrypoint was given ("" takes the image's away) */
        char *entrypoint;
        char *user; /* as typed: "1000", "student:extra" */
        struct strv group_add;
        struct cap_request caps; /* what --cap-add, --cap-drop and --privileged say, as masks */
        bool no_new_privileges;
        char *seccomp; /* "" the built-in profile, "unconfined", or a file */
        enum ns_choice pid, network, uts, ipc, cgroupns, userns;
        char *hostname;
        char *name;
        struct strv env; /* "A=1" */
        char *workdir;
        bool read_only, interactive, tty, rm;
        enum engine engine;
};

/* The defaults: everything own, docker, no image. */
void spec_init(struct spec *spec);
void spec_finish(struct spec *spec);
void spec_copy(struct spec *to, const struct spec *from);
bool spec_equal(const struct spec *a, const struct spec *b);

/* Which view flags may stand beside the run flags (tui has all, run and explain only --engine). */
struct view_flags {
        char host[8]; /* "full", "names", "line" */
        enum scheme scheme;
        bool ascii, big, keys, no_mouse, json;
        char record[1024]; /* the file that what is shown is recorded in; "": none */
};

/* Parses run flags, image and command (argv without the subcommand; argc words). Flags end at the first word
 * that is none, or at --. In the order of the line; a later flag wins. On failure ret is untouched and fault
 * says what and why, exit code 125, in the words of docker-semantics.md; the step names the flag as typed.
 * views may be NULL: then view flags are unknown. *ret_help is set when --help was met (ret is then valid).
 */
bool spec_parse(int argc, char *const *argv, struct spec *ret, struct view_flags *views, bool *ret_help,
                struct fault *fault);
/* The same for a line whose words in front (`podman run`) have named the engine already; --engine still wins.
 * --engine is known with views NULL too: it says what the run flags mean. */
bool spec_parse_as(enum engine engine, int argc, char *const *argv, struct spec *ret,
                   struct view_flags *views, bool *ret_help, struct fault *fault);

/* The same for the words of `vitrine run`, which has no view flags and one of its own, --trace-caps. */
bool spec_parse_run(enum engine engine, int argc, char *const *argv, struct spec *ret, bool *ret_trace,
                    bool *ret_help, struct fault *fault);

/* The hint of a flag that is not known. Who was called by another command names that one instead. */
extern const char spec_see_help[];
/* The flags that are taken, for --help: letter, name, value and sentence, with views the view flags after
 * them, then what becomes of docker's other flags. Lines of at most 100 columns. Owned by the caller. */
char *spec_flags_help(bool views);

/* Splits a line as a shell would (single and double quotes, $'…' with bash's escapes, backslash, backslash
 * newline; nothing is expanded). An open quote is a fault. */
bool spec_split_line(const char *line, struct strv *ret, struct fault *fault);

/* Refuses a line in which a shell would have put something in the place of a word ($HOME, $(id -u), ~), or
 * that it would have ended (|, >, a comment): read as it stands, it would be another line. Quoted signs are
 * none. */
bool spec_check_signs(const char *line, struct fault *fault);

/* Takes "docker run", "docker container run", "sudo docker run", "podman run", "nerdctl run", "vitrine run" …
 * off the front of a split line (all but vitrine say the engine), with a shell's prompt before them. Returns
 * how many words they are, or -1 with a fault when the line is another docker command. A line that begins
 * with none of them is all flags, image and command. */
int spec_line_prefix(const struct strv *words, enum engine *engine, struct fault *fault);

/* The shortest line that gives this spec: "docker run --user=1000 --cap-drop=KILL ubuntu sleep 3600", quoted
 * for a shell where that is needed, flags in the order user, group-add, cap-add, cap-drop, privileged,
 * security-opt, pid, network, uts, ipc, cgroupns, userns, hostname, read-only, env, workdir, entrypoint, i,
 * t, rm, name. command: "docker", "podman", "vitrine" (only there an engine that is not docker's is written).
 * It holds printable characters alone, and a shell reads it as what was said. Owned by the caller. */
char *spec_line(const struct spec *spec, const char *command);
/* The same in ASCII alone. */
char *spec_line_ascii(const struct spec *spec, const char *command);

/* Whether the bounding set that the line asks for has the bit. A line that the engine refuses, because it
 * adds and drops the same, is read as docker reads it. */
bool spec_holds_cap(const struct spec *spec, unsigned bit);

/* Edits that a key makes: each yields the shortest line. All keep what they do not touch. */
/* Drop what would be in the bounding set, allow what would not be; takes back the flag that made it so first.
 * Returns false when it changes nothing (privileged). */
bool spec_toggle_cap(struct spec *spec, unsigned bit);
/* The next of: root, 1000, the image's own user (when it is neither). image_user is "" when there is none. To
 * root writes "0" only where the image's user is not root. */
void spec_next_user(struct spec *spec, const char *image_user);
