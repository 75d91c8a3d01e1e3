#!/bin/sh
# SPDX-License-Identifier: MIT
# embed.sh NAME FILE: writes a C source that holds FILE as NAME[] with its length in NAME_size.
set -eu
printf '/* Made by build-aux/embed.sh from %s. */\n#include <stddef.h>\n\n' "$(basename "$2")"
printf 'extern const char %s[];\nextern const size_t %s_size;\nconst char %s[] = {\n' "$1" "$1" "$1"
od -An -v -tu1 "$2" | sed 's/  *\([0-9][0-9]*\)/\1,/g'
printf '0\n};\nconst size_t %s_size = sizeof(%s) - 1;\n' "$1" "$1"
