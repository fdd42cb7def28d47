"""What the parts of a change between two editions are called, and what each means to a reader who knows no model."""

from __future__ import annotations

PARTS: dict[str, tuple[str, str, str]] = {
    "time": ("Time passing", "less time; signs expire",
             "two things in one part: some of the time in which it could have happened is over; and a sign counts for its "
             "event’s reference horizon only, so signs seen then have expired or will soon. The pace is as judged before"),
    "no-news": ("No news since", "slower than thought",
                "that something had not happened between the two dates says that its pace, and that of events like it, is "
                "slower than thought; this is its share of the change, not the effect of all event-free exposure"),
    "news": ("News", "events and signals", "what has happened since, and dated facts that point one way or the other"),
    "claims": ("Claims", "new or withdrawn", "claims that only one of the two editions knows"),
    "regrades": ("Regrades", "claims read anew", "the same claims with other grades, wordings or horizons, or corrected ones"),
    "model": ("Model", "events, effects, classes", "other events, effects, reference classes, lexicons or grades"),
    "records": ("Records", "not split", "all records together; how much is due to which of them is not worked out"),
    "noise": ("Noise", "random draws", "the computer’s random draws, and what another version of the program does otherwise"),
}  # fmt: skip


def part_title(part: str) -> str:
    """Return what a part is called; one that is named after what differs between two runs is its own name."""
    return PARTS[part][0] if part in PARTS else part.capitalize()
