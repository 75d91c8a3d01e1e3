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
rm -f "$work"/page.*
"$top_builddir/tests/html/make_page" "$top_srcdir/assets" "$work" || exit 1
NODE_PATH=$work/node_modules node "$top_srcdir/tests/html/check_page.js" "$work/page.html" "$browser" 2>"$work/browser.log"
status=$?
[ $status = 0 ] || sed 's/^/# /' "$work/browser.log"
exit $status
