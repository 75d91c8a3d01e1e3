# SPDX-License-Identifier: MIT
# What `vitrine build` leaves on the disk: names, lists, removal, hostile files, two builds at once, and what a container makes
# of such an image.
. "$top_srcdir/tests/lib/tap.sh"
image=$work/image
make_image "$image"

# build NAME LINE…: a Dockerfile of these lines
build() {
        tag=$1
        shift
        printf '%s\n' "$@" >"$work/Dockerfile"
        as_mode "$mode" "$vitrine" build -t "$tag" "$work" >"$work/out" 2>"$work/err"
}
run() { as_mode "$mode" "$vitrine" "$@" >"$work/out" 2>"$work/err" </dev/null; }
error() { head -n 1 "$work/err"; }
hint() { sed -n 's/^hint: //p' "$work/err"; }

refusals() {
        for word in RUN COPY ADD; do
                build x "FROM demo" "" "$word a b"
                is "$mode: $word: exit" "$?" 125
                is "$mode: $word is refused with the file, the line and the reason" "$(error)" \
                        "vitrine: $work/Dockerfile:3: $word needs a layer, and there are none here: a build is a configuration on a root that is there"
                like "$mode: $word: the way out" "$(hint)" '*FROM dir:PATH'
        done
        build x "FROM demo" "RUN <<EOF" "echo hi" "EOF"
        like "$mode: so is RUN with lines of its own" "$? $(error)" '125 *:2: RUN needs a layer*'
        build x "FROM scratch"
        like "$mode: scratch is refused by name" "$? $(error)" '125 *:1: FROM scratch:*'
        build x "FROM demo" "USRE 1000"
        is "$mode: a near instruction is offered" "$(hint)" "did you mean USER?"
        build x "FROM dir:nosuch"
        like "$mode: a base that is not there" "$? $(error)" '125 *:1: *dir:nosuch*No such file*'
        bad=$work/bad$(printf '\377')
        mkdir -p "$bad/root"
        echo "FROM dir:root" >"$bad/Dockerfile"
        run build -t x "$bad"
        like "$mode: a root whose path is not UTF-8" "$? $(error)" '125 *:1: open the image dir:root: its path is not UTF-8: *bad\\xff/root'
        printf 'FROM demo\nARG A\nENV B=$A\n' >"$bad/Dockerfile"
        run build -t x --build-arg "A=$(printf '\377')" "$bad"
        like "$mode: a --build-arg that is not" "$? $(error)" '125 *:2: --build-arg A: its value is not UTF-8'
        (
                A=$(printf '\377')
                export A
                run build -t x --build-arg A "$bad"
        )
        like "$mode: nor the caller's" "$? $(error)" '125 *:2: --build-arg A: its value is not UTF-8'
        rm -r "$bad"
        for name in Big demo scratch dir:v1 dir:latest dir:5000/x library/dir:v1 'a b' a@sha256:00 ''; do
                build "$name" "FROM demo"
                like "$mode: the name '$name' is refused" "$? $(error)" "125 vitrine: ?*: ?*"
        done
        run images
        is "$mode: and nothing was kept" "$(wc -l <"$work/out")" 1
}

# To Docker the names of an image's files are bytes: it runs such a root. What shows them escapes them.
latin_names() {
        umlaut=$(printf '\374')
        printf 'j:x:77:77:J%srgen:/home/j:/bin/sh\nm%sller:x:78:78::/home/m%s:/bin/sh\n' "$umlaut" "$umlaut" "$umlaut" \
                >>"$image/etc/passwd"
        cp "$image/etc/group" "$work/group"
        printf 'g%s:x:79:j\n' "$umlaut" >>"$image/etc/group"
        run run -u j "dir:$image" id -u
        is "$mode: a name in Latin-1 behind a user: he runs" "$? $(cat "$work/out" "$work/err")" "0 77"
        run run -u "m${umlaut}ller" "dir:$image" sh -c 'id -u; echo "$HOME"'
        is "$mode: so does who has it" "$? $(cat "$work/out" "$work/err")" "0 78
/home/m$umlaut"
        run snapshot --json -u 78 "dir:$image" sleep 60
        iconv -f utf-8 -t utf-8 "$work/out" >"$work/utf8" 2>"$work/err"
        is "$mode: the JSON is UTF-8, and his name is escaped in it" \
                "$? $(jq -r '[.container[] | select(.uid == 78).user] | unique | join(" ")' "$work/utf8")" '0 m\xfcller'
        run snapshot -u 78 "dir:$image" sleep 60
        is "$mode: on the screen, too" "$(grep -o 'm[^ ]*ller' "$work/out" | sort -u)" 'm\xfcller'
        cp "$work/passwd" "$image/etc/passwd"
        cp "$work/group" "$image/etc/group"
}

hostile_files() {
        mkfifo "$work/fifo"
        head -c 10485760 /dev/zero | tr '\0' '#' >"$work/big"
        printf 'FROM demo\nUSER a\0b\n' >"$work/nul"
        printf 'FROM demo\n\nUSER a\377\n' >"$work/latin"
        ln -s "$work/nosuch" "$work/dangling"
        chmod 644 "$work/fifo"
        for file in fifo big nul latin dangling image ../../../../../../dev/zero; do
                as_mode "$mode" timeout 20 "$vitrine" build -t x -f "$work/$file" "$work" >"$work/out" 2>"$work/err"
                like "$mode: a Dockerfile that is $file" "$? $(error)" "125 vitrine: *$file*"
        done
        run build -t x -f "$work/nul" "$work"
        is "$mode: a NUL is shown by its line" "$(error)" "vitrine: $work/nul:2: there is a NUL byte: this is no text file"
        run build -t x -f "$work/latin" "$work"
        is "$mode: what is not UTF-8, too" "$(error)" "vitrine: $work/latin:3: the byte 0xff is not UTF-8"
        like "$mode: and what to do" "$(hint)" 'save it as UTF-8: *'
        rm -f "$work/fifo" "$work/big" "$work/nul" "$work/latin" "$work/dangling"

        cp "$image/etc/passwd" "$work/passwd"
        printf 'a:x:5:5::/:\nb\0:x:6:6::/:\n' >>"$image/etc/passwd"
        run run "dir:$image" true
        like "$mode: a NUL in passwd" "$? $(error)" "125 vitrine: the image's /etc/passwd:5: there is a NUL byte*"
        cp "$work/passwd" "$image/etc/passwd"
        latin_names
        rm "$image/etc/group" && mkdir "$image/etc/group"
        run run "dir:$image" true
        like "$mode: a group that is a folder" "$? $(error)" "125 vitrine: *the image's /etc/group is not a regular file: it is a folder"
        rmdir "$image/etc/group" && cp "$top_srcdir/tests/oracle/image/etc/group" "$image/etc/group"
}

kept() {
        build base "FROM dir:image" "USER student" 'ENV A="b c"' "WORKDIR /w"
        is "$mode: built" "$? $(cat "$work/out")" "0 built base:latest on dir:$image"
        run images --json
        is "$mode: the list as JSON" "$(jq -r '.images[0] | [.name, .root, .path, .config.User, .config.Env[], .config.WorkingDir] | join("|")' "$work/out")" \
                "base:latest|dir|$image|student|PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin|A=b c|/w"
        is "$mode: its folder is the owner's alone" "$(stat -c %a "$data/vitrine/images")" 700
        for name in base base:latest docker.io/library/base; do
                run run "$name" sh -c 'echo $(id -u) $A $(pwd)'
                is "$mode: run $name" "$(cat "$work/out")" "1000 b c /w"
        done
        build team/tool:1.0 "FROM base" 'CMD ["echo", "tool"]'
        run run team/tool:1.0
        is "$mode: a name with a slash and a tag, on another built one" "$(cat "$work/out")" tool
        run run team/tool
        is "$mode: another tag is another image" "$(cat "$work/out")" ""
        run images
        is "$mode: the list" "$(sed 1d "$work/out" | awk '{ print $1, $2, $3 }' | tr '\n' ';')" "base:latest dir:$image student;team/tool:1.0 dir:$image student;" 
        run rmi team/tool:1.0
        is "$mode: rmi" "$? $(cat "$work/out")" "0 removed team/tool:1.0"
        run rmi team/tool:1.0
        like "$mode: rmi of none" "$? $(error)" '125 *no such image*'
        run rmi -f team/tool:1.0
        is "$mode: rmi -f of none" "$? $(error)" "0 "
        mv "$image" "$image.away"
        run run base true
        like "$mode: a root that has gone" "$? $(error)" "125 *base*$image*No such file*"
        mv "$image.away" "$image"
        mkdir "$work/esc$(printf '\033')"
        build esc "FROM dir:esc$(printf '\033')"
        is "$mode: a folder's name is printed for a terminal" "$? $(cat "$work/out")" "0 built esc:latest on dir:$work/esc\\x1b"
        run rmi esc
        rmdir "$work/esc$(printf '\033')"
        build path "FROM demo" 'ENV PATH=/opt/bin:$PATH' 'CMD ["env"]'
        run run path
        is "$mode: a PATH put in front of docker's, with which programs are found" "$? $(head -n 1 "$work/out")" \
                "0 PATH=/opt/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        run rmi path
        build dir "FROM demo" "ENV A=1"
        run run dir sh -c 'echo $A'
        is "$mode: an image may be called dir" "$(cat "$work/out")" 1
        run rmi dir
}

stand_in() {
        build mine "FROM ubuntu:24.04" "USER 1000"
        like "$mode: the build says who stands in" "$(cat "$work/out")" '*image ubuntu:24.04 is not on this machine: demo root*'
        run snapshot mine
        like "$mode: so does the screen's text" "$(cat "$work/out")" '*image ubuntu:24.04 is not on this machine: demo root*'
        run snapshot --json mine
        is "$mode: without a command it is held open; the user is the image's" \
                "$(jq -r '[.spec.image, .spec.root, (.spec.command | join(" ")), .init.uid.container] | join("|")' "$work/out")" "mine|demo|sleep 3600|1000"
        run explain docker run mine id
        like "$mode: so does explain" "$(tr -s ' \n' ' ' <"$work/out")" '*mine: built on ubuntu:24.04: not on this machine, so the demo root stands in*'
        run explain --json docker run mine cat /proc/self/status
        line=$(jq -r .equivalent.podman "$work/out")
        # shellcheck disable=SC2086
        run run --engine podman ${line#podman run }
        is "$mode: podman's line gives the image's user no more than docker's: $line" "$(sed -n 's/^Cap\(Eff\|Amb\):.//p' "$work/out" | sort -u)" 0000000000000000
        run snapshot --json mine
        is "$mode: nor does the snapshot's" "$(jq -r .equivalent.podman "$work/out")" "podman run mine"
        run run mine id -u
        is "$mode: run says it beside the output" "$? $(cat "$work/out") $(cat "$work/err")" \
                "0 1000 vitrine: image ubuntu:24.04 is not on this machine: the demo root stands in"
        run run nosuchimage id -u
        is "$mode: and of a name that nobody has built" "$? $(cat "$work/out") $(cat "$work/err")" \
                "0 0 vitrine: image nosuchimage is not on this machine: the demo root stands in"
        for name in ubuntu demo; do
                run run $name id -u
                is "$mode: run $name adds nothing to what the command says" "$? $(cat "$work/out")$(cat "$work/err")" "0 0"
        done
        build talk "FROM demo" 'CMD ["echo", "hello"]'
        run run talk
        is "$mode: a command on the demo root" "$(cat "$work/out")" hello
        run snapshot --json talk
        is "$mode: is kept where the demo root's own shell is not" "$(jq -r '(.spec.command // []) | join(" ")' "$work/out")$(error)" "$(snapshot_of_talk)"
        build rum "FROM demo" "USER 1000"
        run rum
        like "$mode: a built name so near to a command is no slip" "$(error)" 'vitrine: open the terminal: *'
        run rmi rum mine talk base
        run rum
        like "$mode: without one it is" "$? $(error) $(hint)" '125 *rum*no such command*vitrine run*'
}

# A command that ends at once is over before both sides were looked at, or is seen as it was.
snapshot_of_talk() {
        if [ -s "$work/err" ]; then error; else echo "echo hello"; fi
}

# plant NAME COMMAND…: makes what stands in the place of NAME's file, $file, as the mode's user.
plant() {
        file=$data/vitrine/images/$1:latest.json
        shift
        as_mode "$mode" env file="$file" sh -c "$1"
}

broken() {
        build good "FROM demo"
        plant link "ln -s good:latest.json \"\$file\""
        plant fifo "mkfifo \"\$file\""
        plant folder "mkdir \"\$file\""
        plant big "head -c 1200000 /dev/zero | tr '\\0' ' ' >\"\$file\""
        plant text "echo nonsense >\"\$file\""
        plant other "cp \"\${file%/*}/good:latest.json\" \"\$file\""
        plant newer "sed 's/\"schema\": 1/\"schema\": 2/' \"\${file%/*}/good:latest.json\" >\"\$file\""
        for name in link fifo folder big text other newer; do
                file=$data/vitrine/images/$name:latest.json
                before=$(ls -li "$file")
                run run "$name" true
                like "$mode: an image whose file is $name: run names it" "$? $(error)" "125 vitrine: read the image $name:latest $file: ?*"
                build "$name" "FROM demo"
                like "$mode: $name: build does not write over it" "$? $(error)" "125 *$file*"
                run rmi "$name"
                like "$mode: $name: nor does rmi remove it unasked" "$? $(hint)" "125 *rmi -f $name*"
                is "$mode: $name: it is still there" "$(ls -li "$file")" "$before"
        done
        run images
        is "$mode: the list has the good one, and an error each" "$? $(sed 1d "$work/out" | awk '{ print $1 }') $(grep -c '^vitrine: ' "$work/err")" "125 good:latest 7"
        as_mode "$mode" cp "$data/vitrine/images/good:latest.json" "$data/vitrine/images/backup.json"
        run images
        like "$mode: a file that no image's name leads to: what to do" \
                "$? $(grep -A 1 '/backup.json: ' "$work/err")" '125 *hint: *remove it by its path*'
        rm "$data/vitrine/images/backup.json"
        for name in link fifo big text other newer; do
                run rmi -f "$name"
                is "$mode: rmi -f $name" "$? $(cat "$work/out")" "0 removed $name:latest"
        done
        is "$mode: what the link led to stays" "$(as_mode "$mode" ls "$data/vitrine/images")" "folder:latest.json
good:latest.json"
        rmdir "$data/vitrine/images/folder:latest.json"
}

at_once() {
        for n in 1 2; do
                mkdir "$work/at-$n"
                { echo "FROM demo"; awk -v n=$n 'BEGIN { for (i = 0; i < 500; i++) print "ENV V" i "=" n }'; } >"$work/at-$n/Dockerfile"
        done
        # The 500 and the PATH.
        for round in 1 2 3 4 5 6 7 8 9 10; do
                as_mode "$mode" "$vitrine" build -t same "$work/at-1" >/dev/null 2>"$work/err-1" &
                one=$!
                as_mode "$mode" "$vitrine" build -t same "$work/at-2" >/dev/null 2>"$work/err-2" &
                two=$!
                wait $one
                first=$?
                wait $two
                echo "$first $? $(as_mode "$mode" "$vitrine" images --json | jq -r '.images[] | select(.name == "same:latest") | [(.config.Env | length), (.config.Env | map(split("=")[1]) | unique | length)] | join(" ")')"
        done >"$work/rounds"
        is "$mode: of two builds at once one stays whole" "$(sort -u "$work/rounds")" "0 0 501 2"
        is "$mode: and nothing else stays" "$(as_mode "$mode" ls -A "$data/vitrine/images" | grep -c writing)" 0
        rm -r "$work/at-1" "$work/at-2"
}

for mode in $(modes); do
        data=$work/data-$mode
        mkdir "$data"
        give "$mode" "$data"
        XDG_DATA_HOME=$data
        export XDG_DATA_HOME
        chmod 755 "$work"
        refusals
        hostile_files
        kept
        stand_in
        broken
        at_once
done

run explain docker build -t x .
like "explain of a build line: what it is here" "$? $(error) $(hint)" '125 *docker build*vitrine build -t NAME*'
as_mode "$mode" env -u HOME -u XDG_DATA_HOME "$vitrine" run ubuntu true
is "without a home there are no built names, and ubuntu still stands in" "$?" 0
as_mode "$mode" env -u HOME -u XDG_DATA_HOME "$vitrine" images >"$work/out" 2>"$work/err"
like "images says that it has no folder" "$? $(error)" '125 *HOME*'
if is_root; then
        mkdir -m 777 -p "$work/loose/vitrine/images" && chmod 777 "$work/loose/vitrine/images"
        XDG_DATA_HOME=$work/loose "$vitrine" images >"$work/out"
        is "root's folder is made its own" "$(stat -c %a "$work/loose/vitrine/images")" 700
        XDG_DATA_HOME=$work/data-root as_user "$vitrine" run ubuntu true
        is "who may not read another's images has none" "$?" 0
fi
finish
