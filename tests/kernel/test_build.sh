# SPDX-License-Identifier: MIT
# Every Dockerfile that Docker 20.10 built, and every line that it ran from one: `vitrine build` and `vitrine run` give the
# same exit status (125 where docker's client says 1 for bad usage) and the same standard output.
. "$top_srcdir/tests/lib/tap.sh"
image=$work/image
make_image "$image"
for applet in $(busybox --list); do
        [ -e "$image/bin/$applet" ] || ln -s busybox "$image/bin/$applet"
done
mkdir -p "$image/home/student"
printf 'FROM dir:image\n' >"$work/base"
files=$top_srcdir/tests/oracle/dockerfiles
mkdir "$work/files" && cp "$files"/*.Dockerfile "$work/files/" && chmod -R a+rX "$work/files" && chmod a+r "$work/base"

# Where the images of a mode are kept.
data_of() {
        if [ ! -d "$work/data-$1" ]; then
                mkdir "$work/data-$1"
                give "$1" "$work/data-$1"
        fi
        echo "$work/data-$1"
}

build() { as_mode "$mode" "$vitrine" build "$@"; }

build_rows() {
        tail -n +2 "$top_srcdir/tests/oracle/builds.tsv" | tr '\t' '\001' >"$work/rows"
        while IFS="$(printf '\001')" read -r name exit said; do
                build -t "$name" -f "$work/files/$name.Dockerfile" "$work" >"$work/out" 2>"$work/err"
                status=$?
                if [ "$exit" = 0 ]; then
                        is "$mode: build $name" "$status $(cat "$work/err")" "0 "
                        continue
                fi
                is "$mode: build $name exits" "$status" 125
                line=$(printf '%s\n' "$said" | sed -n 's/.* parse error line \([0-9]*\): .*/\1/p')
                why=$(printf '%s\n' "$said" | sed -e 's/.*parse error line [0-9]*: //' -e 's/Error response from daemon: //' -e "s/ ($name.Dockerfile)//")
                is "$mode: build $name says the file, the line and docker's words" "$(head -n 1 "$work/err")" \
                        "vitrine: $work/files/$name.Dockerfile:${line:-1}: $why"
        done <"$work/rows"
}

# A column's \n, \t and \\; and what is printed, as the column writes it.
unescape() { printf '%s\n' "$1" | sed -e 's/\\\\/\\/g'; }
escape() { sed -E -e 's/\r$//' -e 's/\\/\\\\/g' -e 's/\t/\\t/g' -e 's/^(HOSTNAME=)[0-9a-f]{12}$/\1<ID>/' | awk '{ printf "%s\\n", $0 }'; }

# What vitrine without root cannot give: "EXIT<tab>STDOUT" in place of docker's.
rootless() { # image flags command
        case "$mode|$1|$2|$3" in
        # with a single id no supplementary groups can be set: setgroups is denied; what the caller has stays
        user*'|id' | user*'|--entrypoint id|') printf '0\tgroups' ;;
        # the machine's own user namespace takes root
        user*'|--userns host|'* | range*'|--userns host|'*) printf '125\t' ;;
        esac
}

no_groups() { printf '%s\n' "$1" | sed -E -e 's/ groups=.*//' -e 's/\\n$//'; }

run_row() { # image flags command exit stdout stderr
        wanted_exit=$4
        wanted=$(printf '%s' "$5" | sed "s/<HOST>/$(uname -n)/")
        # docker's client says 1 for bad usage: such a row has a message and no output
        [ "$4" = 1 ] && [ -n "$6" ] && wanted_exit=125
        differs=
        [ "$mode" != root ] && [ "$wanted_exit" = 0 ] && differs=$(rootless "$1" "$2" "$3")
        [ -n "$differs" ] && wanted_exit=${differs%%	*}
        # The words were split by quotes alone, without a shell's expansion: as xargs does it.
        unescape "$2" >"$work/flags"
        { printf '%s ' "$(cat "$work/flags")" "$1"; unescape "$3"; } >"$work/words"
        printf 'stdin line\n' >"$work/stdin"
        as_mode "$mode" xargs -a "$work/words" sh -c '"$@"; echo $? >"$0"' "$work/status-$mode" "$vitrine" run \
                <"$work/stdin" >"$work/out" 2>"$work/err"
        name="$mode: run $2 $1 $3"
        is "$name: exit" "$(cat "$work/status-$mode")" "$wanted_exit"
        got=$(escape <"$work/out")
        case $differs in
        *groups) is "$name: output (but for the groups, which one id cannot set)" "$(no_groups "$got")" "$(no_groups "$wanted")" ;;
        ?*) is "$name: output" "$got" "" ;;
        *) is "$name: output" "$got" "$wanted" ;;
        esac
        case $wanted_exit in
        12[567]) like "$name: says why" "$(head -n 1 "$work/err")" 'vitrine: ?*: ?*' ;;
        esac
}

run_rows() {
        : >"$work/status-$mode"
        give "$mode" "$work/status-$mode"
        tail -n +2 "$top_srcdir/tests/oracle/runs.tsv" | tr '\t' '\001' >"$work/rows"
        while IFS="$(printf '\001')" read -r name flags command exit out err <&3; do
                run_row "$name" "$flags" "$command" "$exit" "$out" "$err"
        done 3<"$work/rows"
}

for mode in $(modes); do
        XDG_DATA_HOME=$(data_of "$mode")
        export XDG_DATA_HOME
        build -t base -f "$work/base" "$work" >"$work/out" 2>"$work/err"
        is "$mode: build base" "$? $(cat "$work/out" "$work/err")" "0 built base:latest on dir:$image"
        build_rows
        run_rows
done
finish
