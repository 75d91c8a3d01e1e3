# Names for what lessons ask of a snapshot. In a shell:
#   vitrine snapshot --json --cap-drop KILL | jq -L LESSONS 'include "vitrine"; holds("KILL")'
# where LESSONS is the folder of this file.

# "CAP_kill" is "KILL".
def _cap(name): name | ascii_upcase | ltrimstr("CAP_");

# The effective set has it.
def holds(cap): _cap(cap) as $cap | any(.init.caps.effective_names[]; . == $cap);

# Not held, but a set-user-ID program of root's could raise it: it is in the bounding set, no-new-privileges is off, and root
# exists in there (with one id mapped, another user's container has no root).
def may_regain(cap): _cap(cap) as $cap
  | (any(.init.caps.effective_names[]; . == $cap) | not)
    and any(.init.caps.bounding_names[]; . == $cap)
    and (.init.no_new_privs | not)
    and ((.mode == "one-id" and .init.uid.container != 0) | not);

# Such a process is in the container's view, in the host's.
def inside(comm): comm as $comm | any(.container[]; .comm == $comm);
def outside(comm): comm as $comm | any(.host[]; .comm == $comm);

# The container's view holds one process.
def alone: .container | length == 1;

# That namespace ("pid", "net" …) is the host's own.
def shares(type): type as $type | any(.namespaces[]; .type == $type and .shared);

# The kernel's verdict ("allowed", "denied" …) when it was last probed; null when it was not.
def probe(cap): _cap(cap) as $cap | [.probes[]? | select(.cap == $cap)] | last | .verdict?;

# What was last executed in the container: its command, user, exit and output; null when nothing was.
def last_exec: .exec[-1];
