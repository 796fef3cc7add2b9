"""The picture of cost against rows, as SVG: seconds and memory, both axes logarithmic. Plain text, no library."""

from collections.abc import Mapping, Sequence
from math import log10
from pathlib import Path

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 640, 300, 60, 20, 40
COLOURS = {"bare scan": "#8a8f98", "Steward": "#1264a3", "peak memory": "#b5581a"}


def draw(path: Path, rows: Sequence[int], seconds: Mapping[str, Sequence[float]], memory: Sequence[float]) -> None:
    """Write the picture: lines of seconds (left half), and of peak MB (right half), against rows."""
    half = WIDTH // 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"',
        'font-family="sans-serif" font-size="11">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        *_panel(LEFT, half - LEFT - 20, rows, seconds, "seconds (log)", (0.01, 10)),
        *_panel(half + LEFT, half - LEFT - 20, rows, {"peak memory": memory}, "MB (log)", (10, 1000)),
        "</svg>",
    ]
    path.write_text("\n".join(parts) + "\n", "utf-8")


def _panel(
    left: int,
    width: int,
    rows: Sequence[int],
    lines: Mapping[str, Sequence[float]],
    title: str,
    span: tuple[float, float],
) -> list[str]:
    low, high = log10(span[0]), log10(span[1])
    first, last = log10(rows[0]), log10(rows[-1])
    bottom = HEIGHT - BOTTOM

    def x(value: float) -> float:
        return left + width * (log10(value) - first) / (last - first)

    def y(value: float) -> float:
        return bottom - (bottom - TOP) * (log10(value) - low) / (high - low)

    out = [f'<text x="{left}" y="{TOP - 6}" fill="#444">{title}</text>']
    for power in range(round(low), round(high) + 1):
        at = y(10**power)
        out.append(f'<line x1="{left}" y1="{at:.1f}" x2="{left + width}" y2="{at:.1f}" stroke="#e3e5e8"/>')
        out.append(f'<text x="{left - 6}" y="{at + 4:.1f}" text-anchor="end" fill="#666">{10.0**power:g}</text>')
    for value in rows:
        label = f"{value // 1_000_000}M rows"
        out.append(f'<text x="{x(value):.1f}" y="{bottom + 16}" text-anchor="middle" fill="#666">{label}</text>')
    for number, (name, values) in enumerate(lines.items()):
        points = " ".join(f"{x(at):.1f},{y(value):.1f}" for at, value in zip(rows, values, strict=True))
        colour = COLOURS[name]
        out.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [
            f'<circle cx="{point.split(",")[0]}" cy="{point.split(",")[1]}" r="3" fill="{colour}"/>'
            for point in points.split()
        ]
        out.append(f'<text x="{left + 8}" y="{TOP + 14 + 14 * number}" fill="{colour}">{name}</text>')
    return out
