# SPDX-License-Identifier: MIT
# `make check-html`: makes a recording's page and opens it in Chromium. TAP; skips with the reason (77) where there is no node or
# no browser. playwright-core is taken from npm into the build folder.
# shellcheck shell=sh
playwright=1.65.1

skip() { echo "1..0 # SKIP $1"; exit 77; }
command -v node >/dev/null || skip "there is no node"
for name in chromium chromium-browser google-chrome; do
        # some distributions have a script of that name that only says where to get it
        if $name --version >/dev/null 2>&1; then browser=$(command -v $name); break; fi
done
[ -n "${browser:-}" ] || skip "there is no chromium"

work=$top_builddir/check-html
mkdir -p "$work" || exit 99
if [ ! -d "$work/node_modules/playwright-core" ]; then
        command -v npm >/dev/null || skip "there is no npm to get playwright-core with"
        npm install --prefix "$work" --no-audit --no-fund --no-save --ignore-scripts playwright-core@$playwright \
                >"$work/npm.log" 2>&1 || { sed 's/^/# /' "$work/npm.log"; skip "npm could not get playwright-core"; }
fi
export NODE_PATH="$work/node_modules" status=0
tap() { # CHECK ARG...: its lines, numbered on
        check=$1
        shift
        node "$top_srcdir/tests/html/$check" "$@" 2>"$work/browser.log" >"$work/tap" || {
                status=1
                grep -q '^not ok' "$work/tap" || echo "not ok - $check: it did not come to its end"
                sed 's/^/# /' "$work/browser.log"
        }
        grep -v '^1\.\.' "$work/tap"
}

rm -f "$work"/page.* "$work"/played-*
"$top_builddir/tests/html/make_page" "$top_srcdir/assets" "$work" || exit 1
tap check_page.js "$work/page.html" "$browser"
for size in 80x24 120x36; do
        script -qec "stty cols ${size%x*} rows ${size#*x}; exec '$top_builddir/vitrine' play 1 --speed 4 --size $size --host line \
                --record '$work/played-$size.cast' --html '$work/played-$size.html'" /dev/null </dev/null >/dev/null 2>&1 || {
                echo "not ok - lesson 1 is not played at $size"
                status=1
        }
done
tap check_played.js "$browser" "$work/played-80x24.html" "$work/played-120x36.html"
exit $status
