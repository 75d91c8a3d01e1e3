# SPDX-License-Identifier: MIT
# Machines that refuse, and bad usage: each message says what failed, why, and what to do; the exit status is 125.
. "$top_srcdir/tests/lib/tap.sh"

refused() { # name first-line-pattern hint-pattern exit
        is "$1: exits" "$4" 125
        like "$1: what and why" "$(sed -n 1p "$work/err")" "vitrine: $2"
        like "$1: what to do" "$(sed -n 2p "$work/err")" "hint: $3"
        is "$1: no more than that" "$(sed -n '3,$p' "$work/err")" ""
}

# A /proc of which a part is covered, as in a container. As root with a mount namespace, else with a user namespace too.
if is_root; then private="unshare -m"; else private="unshare -Urm"; fi
for command in run snapshot; do
        $private sh -c 'mount -t tmpfs none /proc/sys && shift && exec "$@"' sh x \
                sh -c "$(if is_root; then echo "exec setpriv --reuid=$other --regid=$other --clear-groups"; else echo exec; fi) '$vitrine' $command demo true" 2>"$work/err"
        refused "covered /proc, $command" 'mount /proc in the container: Operation not permitted' '*covered*' $?
done

# A /sys that is read-only, as in a container: a new one may not show more, also where a line asks for it.
$private sh -c 'mount -o remount,bind,ro /sys && shift && exec "$@"' sh x \
        sh -c "$(if is_root; then echo "exec setpriv --reuid=$other --regid=$other --clear-groups"; else echo exec; fi) '$vitrine' run --privileged demo sh -c 'echo in'" >"$work/out" 2>"$work/err"
is "read-only /sys: privileged runs all the same" "$(cat "$work/out" "$work/err")" in

unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces; exec setpriv --bounding-set=-all --inh-caps=-all "$1" run demo true' \
        sh "$vitrine" 2>"$work/err"
refused "max_user_namespaces 0" "create the container's namespaces*: *" '*max_user_namespaces*' $?

as_user "$vitrine" run --userns host demo true 2>"$work/err"
refused "--userns host without root" '--userns host: ?*' '?*' $?
LC_ALL=C as_user "$vitrine" run --userns host demo true 2>"$work/err"
is "a hint that can be read without UTF-8" "$(sed -n 2p "$work/err")" "hint: leave --userns away, or: sudo $vitrine ..."

# A hint is typed as it stands: it has the name by which vitrine was started.
hinted() { LC_ALL=C as_user "$@" run --userns host demo true 2>&1 | sed -n 's/^hint: .*sudo \(.*\) \.\.\.$/\1/p'; }
is "a hint in the folder of the program" "$(cd "$work" && hinted ./vitrine)" ./vitrine
is "a hint from elsewhere in the tree" "$(cd "$work" && mkdir -p below && cd below && hinted ../vitrine)" ../vitrine
is "a name that sudo does not find: the program's path" "$(PATH=$work:$PATH hinted vitrine)" "$vitrine"
is "but for whom PATH stays as it is: the name" "$(PATH=$work:$PATH; vitrine rnu 2>&1 | sed -n 2p)" "hint: did you mean \`vitrine run\`?"
ln -s vitrine "$work/a name"
is "one that wants quotes is not pasted" "$(hinted "$work/a name")" vitrine
if is_root; then
        is "a name that sudo finds too" "$(unshare -m sh -c 'mount -t tmpfs none /usr/local/bin && cp "$1"/vitrine* /usr/local/bin && shift && exec "$@"' \
                sh "$work" setpriv --reuid=$other --regid=$other --clear-groups vitrine run --userns host demo true 2>&1 | sed -n 's/.*sudo \(.*\) .*/\1/p')" vitrine
else
        skip "a name that sudo finds too" "needs root"
fi

"$vitrine" </dev/null >"$work/out" 2>"$work/err"
refused "no terminal" '*terminal*' '*vitrine snapshot*' $?
is "no terminal: nothing on standard output" "$(cat "$work/out")" ""

for term in dumb "" nosuchterminal; do
        script -qec "TERM=$term '$vitrine' 2>$work/err" /dev/null </dev/null >"$work/out"
        refused "TERM=$term" '*TERM*' '?*' $?
done

"$vitrine" rnu demo true 2>"$work/err"
refused "a slip in a command's name" 'rnu: *' '*vitrine run*' $?
"$vitrine" run --nosuchflag demo true 2>"$work/err"
is "an unknown flag: exits" $? 125
is "an unknown flag: named once" "$(cat "$work/err")" "vitrine: unknown flag: --nosuchflag
hint: vitrine run --help lists the flags"
"$vitrine" --nosuchflag 2>"$work/err"
is "an unknown flag without a command: the hint is no other command's" "$(cat "$work/err")" "vitrine: unknown flag: --nosuchflag
hint: vitrine tui --help lists the flags"
"$vitrine" exec --nosuch=3 x true 2>"$work/err"
is "an unknown flag with a value: named once, with its command" "$(cat "$work/err")" "vitrine: unknown flag: --nosuch
hint: vitrine exec --help lists the flags"
"$vitrine" run --use 1000 demo true 2>"$work/err"
refused "a near flag" 'unknown flag: --use' '*--user*' $?
"$vitrine" run dir: true 2>"$work/err"
refused "an empty dir:" '*dir:*' '*dir:PATH*' $?
"$vitrine" run dir:/nonexist true 2>"$work/err"
refused "a dir: that is not there" 'open the image dir:/nonexist: No such file or directory' '*dir:PATH*a folder*' $?
"$vitrine" run dir:/etc/passwd true 2>"$work/err"
refused "a dir: that is a file" 'open the image dir:/etc/passwd: Not a directory' '*dir:PATH*a folder*' $?
mkfifo "$work/fifo"
mkdir -p "$work/bad/etc" && mkfifo "$work/bad/etc/passwd"
timeout 10 "$vitrine" run "dir:$work/bad" true 2>"$work/err"
is "an image whose passwd is a FIFO: exits" $? 125
like "an image whose passwd is a FIFO: named" "$(cat "$work/err")" '*/etc/passwd is not a regular file*'

# Whether it has gone before or after it is sent what to do.
mkdir "$work/dead"
cp "$top_builddir/vitrine" "$work/dead/" && cp /bin/true "$work/dead/vitrine-keeper" || exit 99
i=0
while [ $i -lt 40 ]; do
        "$work/dead/vitrine" run demo true
        i=$((i + 1))
done 2>"$work/err"
is "a keeper that ends at once: what and why" "$(sort -u "$work/err")" "vitrine: launch the container: the keeper died"

# A line that is one word was not read by a shell. What that would have read is not passed over.
"$vitrine" explain 'docker run -u $(id -u) demo id' 2>"$work/err"
refused "a line with a command in it" '*$(...)*' '*quotes*' $?
"$vitrine" explain 'docker run demo ps ax | head' 2>"$work/err"
refused "a line with a pipe in it" '*|*' '*sh -c*' $?
is "own flags may stand behind it" "$("$vitrine" explain 'docker run --user 1000 demo id' --json | jq -r '.spec.user + " " + .spec.image')" "1000 demo"
is "but what else stands there is the line's" "$("$vitrine" explain --json demo 'a b' --json | jq -c .spec.command)" '["a b","--json"]'
for prompt in '$' '#' '%' "me@here:~$"; do
        like "a line pasted with the prompt $prompt" "$("$vitrine" explain "$prompt docker run --user 1000 demo id" 2>&1)" "*Line *docker run --user=1000 demo id*"
done
like "quoted, it is the command's" "$("$vitrine" explain "docker run demo sh -c 'ps ax | head'")" "*sh -c 'ps ax | head'*"

for command in "" run snapshot explain tui; do
        # shellcheck disable=SC2086
        "$vitrine" $command --help >"$work/out" 2>"$work/err"
        is "$command --help exits 0" "$? $(cat "$work/err")" "0 "
        like "$command --help tells the usage" "$(head -n 1 "$work/out")" 'usage: vitrine*'
        is "$command --help fits 100 columns" "$(awk 'length > 100' "$work/out")" ""
done
like "--version" "$("$vitrine" --version)" 'vitrine [0-9]*'
finish
