/* SPDX-License-Identifier: MIT */
/* What can be said of the line that began a container which somebody else started. Pure. */
#pragma once

#include "snapshot/snapshot.h"

/* Fills ret (which spec_finish frees) with what follows from the kernel's figures: the user, as UID:GID (""
 * for 0:0, an engine's default); the supplementary groups beside its own; the capabilities in which the
 * bounding set parts from the engine's default set; no-new-privileges; seccomp=unconfined where there is no
 * filter; and which namespaces are the machine's own. Nothing else can be known: all other fields are a
 * spec's defaults. inside: init's status with the ids of its own user namespace; known: the capabilities that
 * the kernel has. */
void derive_spec(const struct status *inside, const struct ns_ids *ns, uint64_t known, enum engine engine,
                 struct spec *ret);

/* How init's ids are mapped: MODE_ROOT where its user namespace is this process's own, or it is not known
 * whose and every id is itself. */
enum cage_mode derive_mode(const struct ns_ids *ns, const struct id_map *uid_map);

/* Which container it is, as far as that is known; NULL: not known. */
struct attached {
        pid_t pid;          /* init's, on the machine */
        const char *engine; /* "docker", guessed from the control groups; "vitrine" */
        const char *id;
        const char *name; /* --name of one of vitrine's */
};

/* The object of `attach PID --json`: snapshot_json's, where what cannot be known is null (of spec: image,
 * root, entrypoint, hostname, env, workdir, read_only, interactive, tty, an unknown name and engine;
 * equivalent), and "attached": {"pid", "engine", "id", "name"} is added. */
jv derive_json(const struct snapshot *snapshot, const struct snapshot_extra *extra,
               const struct attached *attached);
