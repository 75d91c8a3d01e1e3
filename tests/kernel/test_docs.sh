# SPDX-License-Identifier: MIT
# The manual page and the completions lag behind nothing: every command, flag and key of the program is in them.
. "$top_srcdir/tests/lib/tap.sh"

page=$top_builddir/vitrine.1
bash_file=$top_builddir/completions/bash/vitrine
zsh_file=$top_builddir/completions/zsh/_vitrine
fish_file=$top_builddir/completions/fish/vitrine.fish

for file in "$page" "$bash_file" "$zsh_file" "$fish_file"; do
        is "${file##*/}: no mark of the template is left" "$(test -s "$file" && grep -c '^@' "$file")" 0
done

# The page as words, without roff's own: \- is -, \(aq is ', \fB and its like are nothing.
sed -e 's/\\f[BIR]//g' -e 's/\\-/-/g' -e "s/\\\\(aq/'/g" -e 's/\\(ga/`/g' -e 's/\\(dq/"/g' -e 's/\\&//g' -e 's/\\e/\\/g' "$page" >"$work/page"
in_page() { grep -qF -e "$1" "$work/page"; }
absent() { # reads lines, prints those that the page has not
        while IFS= read -r line; do in_page "$line" || printf '%s\n' "$line"; done
}

"$vitrine" --help >"$work/help"
sed -n 's/^  vitrine \([a-z]*\) .*/\1/p' "$work/help" >"$work/commands"
is "there are commands" "$(($(wc -l <"$work/commands") >= 5))" 1
is "the page has every command with its usage" "$(sed -n 's/^  \(vitrine [a-z]* .*\)/\1/p' "$work/help" | absent)" ""
for heading in NAME SYNOPSIS DESCRIPTION COMMANDS FLAGS KEYS 'EXIT STATUS' ENVIRONMENT EXAMPLES; do
        is "the page has $heading" "$(grep -cx "\.SH $heading" "$page")" 1
done

# "  -u, --user USER[:GROUP]   who …": letter and name
flags_of() { "$vitrine" "$1" --help | sed -nE 's/^ {2,6}(-[a-zA-Z], )?(--[a-z-]+).*/\1\2/p'; }
while read -r command; do
        flags_of "$command" >"$work/flags"
        is "$command: has flags" "$(($(wc -l <"$work/flags") >= 2))" 1
        is "$command: the page has every flag" "$(absent <"$work/flags")" ""
        tr -d ',' <"$work/flags" | tr ' ' '\n' | sort -u >"$work/words"
        is "$command: bash offers every flag" "$(bash -c '
                source "$1"
                COMP_WORDS=(vitrine "$2" -) COMP_CWORD=2
                _vitrine
                printf "%s\n" "${COMPREPLY[@]}"' sh "$bash_file" "$command" | sort -u | comm -13 - "$work/words")" ""
        is "$command: zsh has every flag" "$(sed -n "/^    ($command)/,/;;/p" "$zsh_file" |
                sed -nE "s/^ *'\*(-[-a-zA-Z]+).*/\1/p" | sort -u | comm -13 - "$work/words")" ""
        is "$command: fish has every flag" "$(sed -nE "s/.*'__vitrine_is $command'( -s ([a-zA-Z]))? -l ([a-z-]+).*/-\2 --\3/p" "$fish_file" |
                tr ' ' '\n' | sort -u | comm -13 - "$work/words")" ""
done <"$work/commands"

# Refused flags: the program names a reason, the page too.
"$vitrine" run -p 80 demo true 2>"$work/err"
is "the page has the reason of a refused flag" "$(sed -n '1s/.*: //p' "$work/err" | absent)" ""
is "and its remedy" "$(sed -n 's/^hint: //p' "$work/err" | absent)" ""

# Keys, from the table in the source: the second word of a row is the name, the fifth how help writes the key.
sed -nE 's/^ *\{ ACT_[A-Z_]+, "[^"]+", "[^"]+", (NULL|"[^"]+"), "([^"]+)",.*/\2/p' "$top_srcdir/src/stage/action.c" | sort -u >"$work/keys"
is "there are keys" "$(($(wc -l <"$work/keys") >= 15))" 1
is "the page has every key" "$(sed -n '/^\.SH KEYS/,/^\.SH CAP/p' "$work/page" | sort -u | comm -13 - "$work/keys")" ""

"$vitrine" snapshot --json --cap-add ALL demo sleep 100 | jq -r '.init.caps.bounding_names[]' >"$work/caps"
is "there are capabilities" "$(($(wc -l <"$work/caps") >= 20))" 1
is "the page has every capability" "$(sed 's/$/ (bit/' "$work/caps" | absent)" ""

is "bash reads the completion" "$(bash -n "$bash_file" 2>&1)" ""
offers() { # WORDS…: what bash offers for the last one
        bash -c '
                file=$1
                shift
                source "$file"
                compopt() { files=" (files)"; }
                COMP_WORDS=(vitrine "$@") COMP_CWORD=$#
                _vitrine
                echo "${COMPREPLY[*]}$files"' sh "$bash_file" "$@"
}
is "a command is completed" "$(offers sn)" snapshot
is "a capability is" "$(offers --cap-drop kil)" KILL
is "with its prefix, after =" "$(offers run --cap-add = CAP_MAC_A)" MAC_ADMIN
is "a value is" "$(offers run --network n)" none
is "right after =" "$(offers run --network =)" "none host"
is "a view flag's too" "$(offers tui --host '')" "full names line"
is "an image is" "$(offers run --user 1000 --rm u)" ubuntu
is "after the image nothing of vitrine's" "$(offers run ubuntu --)" " (files)"
for command in run snapshot probe; do is "$command takes an image" "$(offers $command '')" "ubuntu demo dir:"; done
for command in learn play build; do
        is "$command takes a file" "$(offers $command '')" " (files)"
        is "$command: flags may follow it" "$(offers $command x --hel)" --help
done
for command in exec attach doctor images rmi; do is "$command takes no image" "$(offers $command '')" ""; done
is "in exec the container's command follows" "$(offers exec -u 0 glass --)" " (files)"
is "a scheme is one of those that there are" "$(offers --scheme h)" high-contrast
is "a value of a command's own flag is none of its words" "$(offers play --size 80x24 --speed 2 --st)" --step
is "nor is that of a letter" "$(offers build -t one -f two --build-arg A = b --ta)" --tag
is "which has none in another command" "$(offers rmi -f --fo) $(offers run -t u)" "--force ubuntu"
is "explain's flags are the line's" "$(offers explain docker run --cap-d)" --cap-drop
is "run has no --json" "$(offers run --js)" ""
is "doctor has" "$(offers doctor --js)" --json

# The other shells, as far as their files tell.
zsh_takes() { sed -n "/^    ($1)/,/;;/p" "$zsh_file" | sed -n "s/^ *takes='\(.*\)'/\1/p"; }
fish_takes() {
        sed -nE "/-n '[^']*\<$1\>[^']*' -a 'ubuntu/s/.*/image/p; /-n '[^']*\<$1\>[^']*' -F\$/s/.*/file/p" "$fish_file"
}
for command in tui run snapshot probe explain; do is "zsh, fish: $command takes an image" "$(zsh_takes $command) $(fish_takes $command)" "image image"; done
for command in learn play build; do is "zsh, fish: $command takes a file" "$(zsh_takes $command) $(fish_takes $command)" "file file"; done
for command in attach doctor images rmi; do is "zsh, fish: $command takes neither" "$(zsh_takes $command) $(fish_takes $command)" " "; done
is "zsh, fish: exec takes a container" "$(zsh_takes exec) $(fish_takes exec)" "container "
is "zsh has the schemes" "$(grep -c "scheme=.*:(default light .*okabe-ito)'" "$zsh_file")" "$(grep -c "'\*--scheme=" "$zsh_file")"
is "fish has" "$(grep -c " -l scheme -x -a 'default light .*okabe-ito'" "$fish_file")" "$(grep -c ' -l scheme ' "$fish_file")"
is "fish names files where a flag takes one" "$(sed -nE "s/.*__vitrine_is play'.* -l (html|record) -r .*/\1/p" "$fish_file")" "html
record"

if command -v groff >/dev/null; then
        is "groff has nothing to say" "$(groff -man -Tutf8 -ww "$page" 2>&1 >"$work/shown")" ""
        is "and shows a page" "$(($(wc -l <"$work/shown") > 200))" 1
fi
if command -v zsh >/dev/null; then is "zsh reads its completion" "$(zsh -n "$zsh_file" 2>&1)" ""; fi
if command -v fish >/dev/null; then is "fish reads its completion" "$(fish -n "$fish_file" 2>&1)" ""; fi
finish
