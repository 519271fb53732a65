"""What the speed benchmarks found: kept in ``speed.json``, drawn in ``speed.svg``.

    python benchmarks/speed.py

``against_presidio.py`` and ``scaling.py`` keep each part of their figures here under its name, with
the machine they were found on; run as a command, this draws what has been kept.
"""

from __future__ import annotations

import json
import math
import os
import platform
import sys
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

__all__ = ["FIGURES", "PLOT", "draw", "keep", "kept"]

FIGURES = Path(__file__).with_name("speed.json")
PLOT = Path(__file__).with_name("speed.svg")

WIDTH, HEIGHT = 960, 760
INK, FAINT, OURS, THEIRS = "#222", "#ddd", "#1f6f8b", "#b0b0b0"
COLOURS = ("#1f6f8b", "#d1495b", "#edae49", "#3d8361", "#6a4c93", "#00798c", "#8d6e63")
WORST = 7  # shapes that are drawn in colour, the others in grey
DRAWN = {  # sorts of packs
    ("patterns", "forms, rare words"): "records of forms",
    ("patterns", "regexes"): "records of regexes",
    ("terms", "terms"): "user terms",
}
Points = Sequence[tuple[float, float]]


def kept() -> dict[str, Any]:
    """All figures, by part."""
    return json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}


def keep(part: str, figures: Any) -> None:
    """Put the figures of one part into the file, in the place of older ones."""
    told = {"machine": machine(), "figures": figures}
    every = dict(sorted({**kept(), part: told}.items()))
    text = json.dumps(every, ensure_ascii=False, indent=1)
    FIGURES.write_text(text + "\n", encoding="utf-8")


def machine() -> dict[str, Any]:
    """What the figures were found on, and how busy it was."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
        processor = next(names, platform.processor())
    except OSError:
        processor = platform.processor()
    load = round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None
    return {
        "processor": processor,
        "cores": os.cpu_count(),
        "python": ".".join(map(str, sys.version_info[:3])),
        "load": load,
    }


# -- the plot ----------------------------------------------------------------------------------


def draw(every: Mapping[str, Any]) -> str:
    """An SVG of the figures that there are."""
    found = {part: told["figures"] for part, told in every.items()}
    parts: list[str] = []
    if "against" in found:
        parts += _bars(found["against"], 20, 20, 440, 340)
    if "against" in found:
        parts += _latency(found["against"], 500, 20, 440, 340)
    if "shapes" in found:
        parts += _shapes(found["shapes"], 20, 390, 440, 350)
    rows = {name: found[name] for name in ("patterns", "terms") if name in found}
    if rows:
        parts += _growth(rows, 500, 390, 440, 350)
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif" font-size="12" fill="{INK}">\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n{body}\n</svg>\n'
    )


def _bars(found: Mapping[str, Any], x: float, y: float, width: float, height: float) -> list[str]:
    """CPU time per ordinary post, each way a bar; the scale is logarithmic."""
    load = found["workloads"][found["ordinary"]]
    rows = load["ways"]
    out = [_title(f"CPU µs per ordinary post ({load['posts']:,} posts)", x, y)]
    left, right, top = x + 165, x + width - 95, y + 34
    step = (height - 60) / len(rows)
    least = 10 ** math.floor(math.log10(min(row["mean"] for row in rows.values())))
    most = 10 ** math.ceil(math.log10(max(row["mean"] for row in rows.values())))
    scale = _scale(least / 2, most, left, right)
    for tick in _decades(least, most):
        out.append(_line(scale(tick), top, scale(tick), top + step * len(rows), FAINT))
        out.append(_text(_short(tick), scale(tick), top + step * len(rows) + 15, "middle"))
    for number, (name, row) in enumerate(rows.items()):
        at = top + number * step
        colour = OURS if name.endswith(")") or "()" in name else THEIRS
        end = scale(row["mean"])
        out.append(
            f'<rect x="{left}" y="{at + step * 0.15:.1f}" width="{end - left:.1f}" '
            f'height="{step * 0.7:.1f}" fill="{colour}"/>'
        )
        out.append(_text(name, left - 6, at + step / 2 + 4, "end"))
        told = f"{row['mean']:,.0f} ({row['times_presidio']:.2f} x)"
        out.append(_text(told, end + 5, at + step / 2 + 4))
    return out


def _latency(
    found: Mapping[str, Any], x: float, y: float, width: float, height: float
) -> list[str]:
    """Quantiles of one post's time by its length and outcome, from the median to the longest."""
    rows = found["latency"]
    out = [_title("CPU µs of one post: p50 ● p99 ◆ p99.9 ▮ longest |", x, y)]
    left, right, top = x + 150, x + width - 20, y + 34
    step = (height - 60) / len(rows)
    least = 10 ** math.floor(math.log10(min(row["p50"] for row in rows)))
    most = 10 ** math.ceil(math.log10(max(row["max"] for row in rows)))
    scale = _scale(least, most, left, right)
    for tick in _decades(least, most):
        out.append(_line(scale(tick), top, scale(tick), top + step * len(rows), FAINT))
        out.append(_text(_short(tick), scale(tick), top + step * len(rows) + 15, "middle"))
    for number, row in enumerate(rows):
        at = top + (number + 0.5) * step
        whole = row["way"] == "screen()"
        colour = COLOURS[1] if whole else OURS
        p50, p99, p999, last = (scale(row[q]) for q in ("p50", "p99", "p99.9", "max"))
        out.append(_line(p50, at, last, at, colour))
        out.append(f'<circle cx="{p50:.1f}" cy="{at:.1f}" r="4" fill="{colour}"/>')
        out.append(
            f'<path d="M{p99:.1f} {at - 5:.1f}l5 5l-5 5l-5 -5z" fill="{colour}"/>'
            f'<rect x="{p999 - 2:.1f}" y="{at - 4:.1f}" width="4" height="8" fill="{colour}"/>'
        )
        out.append(_line(last, at - 5, last, at + 5, colour))
        if not whole:
            out.append(_text(row["class"], left - 6, at + step / 2 + 4, "end"))
    foot = top + step * len(rows) + 30
    out.append(_text("screen_many()", x, foot, colour=OURS))
    out.append(_text("screen()", x + 100, foot, colour=COLOURS[1]))
    return out


def _shapes(
    found: Sequence[Mapping[str, Any]], x: float, y: float, width: float, height: float
) -> list[str]:
    """Seconds by length of the post, a line for each hostile shape."""
    ranked = sorted(found, key=lambda row: -row["longest"])
    lines = {
        f"{row['shape']} ({row['exponent']:.2f})": [
            (int(size), spent) for size, spent in row["seconds"].items()
        ]
        for row in ranked
    }
    colours = {name: COLOURS[i] if i < WORST else FAINT for i, name in enumerate(lines)}
    title = "screen() of hostile shapes: CPU s by characters (exponent)"
    return [_title(title, x, y), *_curves(lines, colours, x, y, width, height, (1e-4, 10), "low")]


def _growth(
    found: Mapping[str, Sequence[Mapping[str, Any]]],
    x: float,
    y: float,
    width: float,
    height: float,
) -> list[str]:
    """Cost per clear post by how many pattern records or user terms there are."""
    lines: dict[str, Points] = {}
    for (part, sort), title in DRAWN.items():
        for way in ("screen_many()", "screen()"):
            points = [
                (row["number"], row[way]["ratio"])
                for row in found.get(part, ())
                if row["number"] and row["sort"] in ("shipped", sort)
            ]
            if points:
                lines[f"{title}, {way}"] = points
    colours = {name: COLOURS[i] for i, name in enumerate(lines)}
    title = "Cost of a clear post, times that of the shipped patterns"
    return [_title(title, x, y), *_curves(lines, colours, x, y, width, height, (0.5, 8), "high")]


def _curves(
    lines: Mapping[str, Points],
    colours: Mapping[str, str],
    x: float,
    y: float,
    width: float,
    height: float,
    limits: tuple[float, float],
    names: str,
) -> list[str]:
    """Lines over two logarithmic axes, the first of ``lines`` on top; their names at the right."""
    left, right, top, bottom = x + 45, x + width - 10, y + 30, y + height - 30
    every = [number for points in lines.values() for number, _ in points]
    high = max(limits[1], *(value for points in lines.values() for _, value in points))
    across = _scale(min(every), max(every), left, right)
    up = _scale(limits[0], high, bottom, top)
    out = []
    for tick in _decades(min(every), max(every)):
        out.append(_line(across(tick), top, across(tick), bottom, FAINT))
        out.append(_text(_short(tick), across(tick), bottom + 15, "middle"))
    ticks = list(_decades(limits[0], high))
    for tick in ticks if len(ticks) > 2 else (0.5, 1, 1.5, 2, 4, 8):
        out.append(_line(left, up(tick), right, up(tick), FAINT))
        out.append(_text(_short(tick), left - 5, up(tick) + 4, "end"))
    for name, points in reversed(lines.items()):
        path = " ".join(f"{across(a):.1f},{up(max(b, limits[0])):.1f}" for a, b in points)
        colour = colours[name]
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
    named = [name for name in lines if colours[name] != FAINT]
    first = top + 14 if names == "high" else bottom + 5 - 15 * len(named)
    for number, name in enumerate(named):
        out.append(_text(name, right - 8, first + 15 * number, "end", colours[name]))
    return out


def _scale(least: float, most: float, start: float, end: float) -> Any:
    """Where a number stands on a logarithmic axis."""
    wide = math.log(most / least) or 1.0
    return lambda number: start + (end - start) * math.log(number / least) / wide


def _decades(least: float, most: float) -> Iterator[float]:
    first, last = math.ceil(math.log10(least) - 1e-9), math.floor(math.log10(most) + 1e-9)
    yield from (10.0**power for power in range(first, last + 1))


def _short(number: float) -> str:
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if number >= size:
            return f"{number / size:g}{letter}"
    return f"{number:g}"


def _title(text: str, x: float, y: float) -> str:
    return f'<text x="{x}" y="{y + 12}" font-size="14" font-weight="bold">{escape(text)}</text>'


def _text(text: str, x: float, y: float, anchor: str = "start", colour: str = INK) -> str:
    where = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}"'
    return f"<text {where}>{escape(text)}</text>"


def _line(x1: float, y1: float, x2: float, y2: float, colour: str) -> str:
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{colour}"/>'


def main() -> None:
    PLOT.write_text(draw(kept()), encoding="utf-8")
    print(f"{PLOT.name} is drawn from {FIGURES.name}: {', '.join(kept()) or 'nothing yet'}")


if __name__ == "__main__":
    main()
