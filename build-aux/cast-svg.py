#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""One frame of a recording as a picture: cast-svg.py FILE.cast [--at MOMENT] [--text] > FILE.svg

MOMENT is a chapter's number from 1 (the frame that it begins with), "second:N", or "end". It knows the
sequences that src/cast/encode.c writes, and stops at any other. --text prints the characters alone.
"""
import argparse
import json
import re
import sys
import unicodedata
from xml.sax.saxutils import escape

CELL_W, CELL_H, SIZE, PAD = 8.4, 18, 14, 12
SEQUENCE = re.compile(r"\x1b\[([?\d;]*)([A-Za-z])")
BEGUN = re.compile(r"\x1b(\[[?\d;]*)?$")


def colour_256(n, palette):
    if n < 16:
        return palette[n]
    if n >= 232:
        return "#%02x%02x%02x" % ((8 + (n - 232) * 10,) * 3)
    steps = (0, 95, 135, 175, 215, 255)
    n -= 16
    return "#%02x%02x%02x" % (steps[n // 36], steps[n // 6 % 6], steps[n % 6])


class Screen:
    def __init__(self, cols, rows):
        self.resize(cols, rows)
        self.pen = (None, False, False, False)  # colour, bold, italic, reverse
        self.begun = ""  # of a sequence that goes on in the next event

    def resize(self, cols, rows):
        self.cols, self.rows, self.x, self.y = cols, rows, 0, 0
        self.cells = [[(" ", (None, False, False, False))] * cols for _ in range(rows)]

    def erase(self, y, begin, end):
        for x in range(begin, end):
            self.cells[y][x] = (" ", self.pen)

    def graphics(self, words):
        fg, bold, italic, reverse = self.pen
        words = [int(w or 0) for w in words]
        while words:
            n = words.pop(0)
            if n == 0:
                fg, bold, italic, reverse = None, False, False, False
            elif n == 1:
                bold = True
            elif n == 3:
                italic = True
            elif n == 7:
                reverse = True
            elif n == 39:
                fg = None
            elif 30 <= n <= 37:
                fg = n - 30
            elif 90 <= n <= 97:
                fg = n - 82
            elif n == 38 and words[:1] == [5]:
                fg = words[1]
                words = words[2:]
            elif n != 4:
                sys.exit(f"unknown attribute {n}")
        self.pen = (fg, bold, italic, reverse)

    def control(self, words, letter):
        numbers = [int(w) if w.isdigit() else 0 for w in words]
        if letter == "H":
            self.y = max(numbers[0], 1) - 1
            self.x = (max(numbers[1], 1) if len(numbers) > 1 else 1) - 1
        elif letter == "m":
            self.graphics(words)
        elif letter == "J":
            for y in range(self.rows):
                self.erase(y, 0, self.cols)
        elif letter == "K":
            self.erase(self.y, self.x, self.cols)
        elif letter == "X":
            self.erase(self.y, self.x, min(self.x + max(numbers[0], 1), self.cols))
        elif letter not in "hl":
            sys.exit(f"unknown sequence {letter}")

    def feed(self, text):
        text = self.begun + text
        begun = BEGUN.search(text)
        self.begun = begun.group() if begun else ""
        end, at = len(text) - len(self.begun), 0
        while at < end:
            found = SEQUENCE.match(text, at)
            if found:
                self.control(found.group(1).split(";"), found.group(2))
                at = found.end()
                continue
            if text[at] < " ":
                sys.exit(f"unknown control character {text[at]!r}")
            wide = unicodedata.east_asian_width(text[at]) in "WF"
            for i in range(2 if wide else 1):
                if self.x < self.cols:
                    self.cells[self.y][self.x] = (text[at] if i == 0 else "", self.pen)
                    self.x += 1
            at += 1


def play(path, to):
    with open(path, encoding="utf-8") as file:
        head = json.loads(file.readline())
        screen = Screen(head["width"], head["height"])
        chapters = 0
        for line in file:
            seconds, code, data = json.loads(line)
            if to.startswith("second:") and seconds > float(to[7:]):
                return head, screen
            if code == "o":
                screen.feed(data)
            elif code == "r":
                screen.resize(*map(int, data.split("x")))
            elif code == "m":
                chapters += 1
                if str(chapters) == to:
                    return head, screen
    if to != "end" and not to.startswith("second:"):
        sys.exit(f"it has {chapters} chapters")
    return head, screen


def draw(head, screen, out):
    theme = head["theme"]
    palette = theme["palette"].split(":")
    width, height = screen.cols * CELL_W + 2 * PAD, screen.rows * CELL_H + 2 * PAD
    out.write(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
              f'width="{width:.0f}" height="{height:.0f}" role="img">\n'
              f'<title>{escape(head.get("title", "vitrine"))}</title>\n'
              f'<rect width="100%" height="100%" rx="8" fill="{theme["bg"]}"/>\n'
              f'<g font-family="ui-monospace, DejaVu Sans Mono, Menlo, Consolas, monospace" '
              f'font-size="{SIZE}">\n')
    for y, row in enumerate(screen.cells):
        x = 0
        while x < screen.cols:
            pen, begin, text = row[x][1], x, ""
            while x < screen.cols and row[x][1] == pen:
                text += row[x][0]
                x += 1
            draw_run(out, theme, palette, pen, begin, x, y, text)
    out.write("</g>\n</svg>\n")


def draw_run(out, theme, palette, pen, begin, end, y, text):
    fg, bold, italic, reverse = pen
    ink = theme["fg"] if fg is None else colour_256(fg, palette)
    left, top, length = PAD + begin * CELL_W, PAD + y * CELL_H, (end - begin) * CELL_W
    if reverse:
        out.write(f'<rect x="{left:.1f}" y="{top}" width="{length:.1f}" height="{CELL_H}" fill="{ink}"/>\n')
        ink = theme["bg"]
    style = (' font-weight="bold"' if bold else "") + (' font-style="italic"' if italic else "")
    # Each word at its own place: not every viewer keeps spaces.
    for word in re.finditer(r"\S+", text):
        x, length = left + word.start() * CELL_W, len(word.group()) * CELL_W
        out.write(f'<text x="{x:.1f}" y="{top + 13}" textLength="{length:.1f}" fill="{ink}"{style}>'
                  f'{escape(word.group())}</text>\n')


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cast")
    parser.add_argument("--at", default="1")
    parser.add_argument("--text", action="store_true")
    args = parser.parse_args()
    head, screen = play(args.cast, args.at)
    if args.text:
        for row in screen.cells:
            print("".join(c for c, _ in row).rstrip())
    else:
        draw(head, screen, sys.stdout)


if __name__ == "__main__":
    main()
