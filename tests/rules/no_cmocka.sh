# SPDX-License-Identifier: MIT
# Stands for the tests that are not built where there is no cmocka.
# shellcheck shell=sh
echo "1..1"
echo "ok 1 - the tests that are C programs # SKIP cmocka is missing (package libcmocka-dev); then ./bootstrap again"
