# SPDX-License-Identifier: MIT
# The rules of the house: which folder may include from which, who may name curses, what pure folders may call, how long a
# file may be. Reads the sources and the libraries that were built from them.
# shellcheck shell=sh
cd "$top_srcdir" || exit 99
work=$(mktemp -d "${TMPDIR:-/tmp}/vitrine-test.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
n=0
bad=0
say() { # name what-is-wrong
        n=$((n + 1))
        if [ -z "$2" ]; then
                echo "ok $n - $1"
        else
                echo "not ok $n - $1"
                printf '%s\n' "$2" | sed 's/^/# /'
                bad=1
        fi
}

order="base caps spec snapshot image cage eye probe lesson stage ui cast term cmd"

# "FILE includes FOLDER/…", where FOLDER stands later in the order than the file's own, or is no folder of the house.
upward() {
        for file in $(find src -mindepth 2 -name '*.[ch]'); do
                own=${file#src/}
                own=${own%%/*}
                sed -n 's/^#include "\([a-z]*\)\/.*/\1/p' "$file" | sort -u | while read -r used; do
                        echo "$own $used $file"
                done
        done | awk -v order="$order" '
                BEGIN { n = split(order, names, " "); for (i = 1; i <= n; i++) rank[names[i]] = i }
                !($1 in rank) || !($2 in rank) || rank[$2] > rank[$1] { print $3 " includes from " $2 "/" }'
}
say "a folder includes only from folders before it" "$(upward)"
say "every folder of src stands in the order" \
        "$(for d in src/*/; do d=${d#src/}; d=${d%/}; case " $order " in *" $d "*) ;; *) echo "$d" ;; esac; done)"
say "curses is named in term/ alone" "$(grep -rlE '#include <(ncursesw/)?(n?curses|term)\.h>' src | grep -v '^src/term/')"
say "libproc2 is named in eye/ alone" "$(grep -rl '#include <libproc2/' src | grep -v '^src/eye/')"
say "a fault is printed in cmd/ alone" \
        "$(grep -rnE '\b(fprintf\(stderr|perror\(|puts\(|printf\()' src --include='*.c' |
                grep -vE '^src/(cmd/|main\.c|cage/filter_gen\.c|cage/raise\.c)|\b(sn|vsn|as|vas)printf\(|_printf\(')"
say "what a fault says can be read in every locale" \
        "$(grep -rn '"[^"]*…[^"]*"' src --include='*.c' | grep -vE '^src/(ui|cast|snapshot)/|^[^:]*:[0-9]*: *(/\*| \*)')"
# Every header that the sources of some program read, and theirs: without optimisation a header's inline functions are kept, and
# want the library that they call.
headers_of() { # PROGRAM
        sed -n "/^$1_SOURCES/,/[^\\\\]\$/p" src/*/Makemodule.am | grep -o 'src/[a-z]*/[a-z_]*\.[ch]' >"$work/todo"
        while [ -s "$work/todo" ]; do
                sort -u "$work/todo" "$work/done" >"$work/all"
                comm -23 "$work/all" "$work/done" >"$work/new"
                mv "$work/all" "$work/done"
                xargs sed -n 's/^#include "\([a-z]*\/.*\)".*/src\/\1/p' <"$work/new" >"$work/todo"
        done
        cat "$work/done"
}
for program in vitrine_keeper vitrine_log vitrine_probe; do
        : >"$work/done"
        files=$(headers_of $program)
        case $files in *src/cage/*.h*) ;; *) files=/nowhere ;; esac
        say "$program reads headers of libc and libcap alone" "$(grep -nE '#include <(jv|jq|ncurses|curses|seccomp|vterm|cmark|libproc2)' $files /dev/null 2>&1)"
done
say "README.md: who types ./configure has made it" "$(grep -n '\./configure' README.md | grep -v 'autoreconf -fi && \./configure')"
say "every source names its licence" "$(find src tests \( -name '*.[ch]' -o -name '*.sh' \) ! -name '*_data.c' | xargs grep -L 'SPDX-License-Identifier: MIT')"
say "no file is longer than 600 lines" "$(find src tests -name '*.[ch]' ! -name '*_data.c' | xargs wc -l | awk '$1 > 600 && $2 != "total" { print $2 ": " $1 }')"

# What the C library offers without asking the system for anything.
libc='abort|calloc|free|malloc|mallopt|realloc|strdup|strndup|qsort|bsearch|mem(chr|cmp|cpy|move|set|rchr)|__mem[a-z_]*|str[a-z]+|__str[a-z_]*|__isoc[a-z0-9_]*|
v?snprintf|__v?snprintf_chk|v?asprintf|__v?asprintf_chk|sscanf|__ctype_[a-z_]*|is(alnum|alpha|cntrl|digit|graph|lower|print|punct|space|upper|xdigit)|to(upper|lower)|wcwidth|__stack_chk_fail|__errno_location|
__assert_fail|__builtin_[a-z]*|_GLOBAL_OFFSET_TABLE_|jv_[a-z0-9_]*|__asan_[a-z0-9_]*|__ubsan_[a-z0-9_]*|__sanitizer_[a-z0-9_]*|__popcountdi2|abs|htonl|ntohl'
libc=$(printf '%s' "$libc" | tr -d '\n')
symbols() { nm "$@" 2>/dev/null; }
cd "$top_builddir" || exit 99
say "namespaces and mounts are made in cage/ and by the eye's program alone" \
        "$(for lib in base caps spec snapshot image eye probe stage ui cast term; do
                symbols "lib$lib.a" | grep -wE 'clone|setns|unshare|mount|umount2|fsopen|fsmount|move_mount|open_tree|pivot_root' | sed "s/^/lib$lib.a:/"
        done; grep -lE 'SYS_(clone3?|setns|unshare|pivot_root|fsopen|move_mount|mount)\b' "$top_srcdir"/src/[!ce]*/*.c "$top_srcdir"/src/c[!a]*/*.c)"
pure_folders="caps spec snapshot ui"
say "CONTRIBUTING.md names the pure folders" \
        "$(tr '\n' ' ' <"$top_srcdir/CONTRIBUTING.md" | grep -qE "[^,] $(printf '`%s`, ' $pure_folders | sed 's/, `ui`, $/ and `ui`/') decide" || echo "not these: $pure_folders")"
# base's pure modules and the table of keys, which the screen draws
base=$(symbols src/base/str.o src/base/text.o src/base/fault.o | awk 'NF == 3 && $2 ~ /[TDRBVW]/ { print $3 }')
calls=$(symbols src/base/str.o src/base/text.o src/base/fault.o | awk '$1 == "U" { print $2 }' | sort -u)
say "base/'s strings, text and faults are pure" "$(printf '%s\n' "${calls:-nothing: nm shows nothing of src/base}" | grep -vxE "$libc" | grep -vxF "$base" | sed 's/^/calls /')"
known=$(symbols libcaps.a libspec.a libsnapshot.a libui.a src/base/str.o src/base/text.o src/base/fault.o src/stage/*action.o src/stage/*namespaces.o |
        awk 'NF == 3 && $2 ~ /[TDRBVW]/ { print $3 }' | sort -u)
for folder in $pure_folders; do
        calls=$(symbols "lib$folder.a" | awk '$1 == "U" { print $2 }' | sort -u)
        [ -n "$calls" ] || { say "$folder/ is pure" "nm shows nothing of lib$folder.a"; continue; }
        say "$folder/ is pure" "$(printf '%s\n' "$calls" | grep -vxE "$libc" | grep -vxF "$known" | sed 's/^/calls /')"
done
# What a recording says is decided by files of cast/ that are pure; cast.c, file.c and publish.c write it.
pure="encode json key_bytes page theme transcript"
calls=$(for name in $pure; do symbols src/cast/*"$name.o"; done | awk '$1 == "U" { print $2 }' | sort -u)
known=$(printf '%s\n' "$known"; for name in $pure; do symbols src/cast/*"$name.o"; done | awk 'NF == 3 && $2 ~ /[TDRBVW]/ { print $3 }')
[ -n "$calls" ] || calls="nothing: nm shows nothing of src/cast"
say "what a recording says is pure" "$(printf '%s\n' "$calls" | grep -vxE "$libc" | grep -vxF "$known" | sed 's/^/calls /')"
echo "1..$n"
exit $bad
