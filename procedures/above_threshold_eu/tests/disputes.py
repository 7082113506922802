"""Every way in which a claim or a complaint may go, told once for all that may be complained of."""

from __future__ import annotations

from collections.abc import Callable

from openprocurement_api.testing.client import Thing

from .play import Play

COMPLAINTS = (
    ("draft", "cancelled"),
    ("draft", "pending", "accepted", "declined"),
    ("pending", "invalid"),
    ("pending", "mistaken"),
    ("pending", "stopped"),
    ("pending", "stopping", "invalid"),
    ("pending", "stopping", "mistaken"),
    ("pending", "stopping", "declined"),
    ("pending", "stopping", "stopped"),
    ("pending", "accepted", "stopped"),
    ("pending", "accepted", "stopping", "declined"),
)
UPHELD = (("pending", "stopping", "satisfied", "resolved"), ("pending", "accepted", "satisfied", "resolved"))
CLAIMS = (
    ("draft", "claim", "cancelled"),
    ("claim", "pending", "mistaken"),
    ("claim", "answered", "resolved"),
    ("claim", "answered", "pending", "mistaken"),
    ("claim", "answered", "cancelled"),
)
RESOLUTIONS = ("invalid", "resolved", "declined")
File = Callable[[str], Thing]
"""Files a complaint in a status."""


def every_way(play: Play, file: File) -> None:
    """Complaints and claims that go every way but those that undo what they are about."""
    for start, *steps in (*COMPLAINTS, *CLAIMS):
        take(play, file(start), start, *steps)


def take(play: Play, complaint: Thing, status: str, *steps: str) -> None:
    """A complaint goes from a status through some others."""
    for target in steps:
        step(play, complaint, status, target)
        status = target


def step(play: Play, complaint: Thing, status: str, target: str) -> None:
    """Whose move it is makes it."""
    if target == "answered":
        play.answer(complaint)
    elif status == "satisfied":
        play.api.patch(complaint.path, {"status": target, "tendererAction": "Виконано"}, token=play.tender.token)
    elif status == "answered" and target != "cancelled":
        play.api.patch(complaint, {"status": target, "satisfied": target == "resolved"})
    elif target in ("claim", "pending"):
        play.api.patch(complaint, {"status": target})
    elif target in ("cancelled", "stopping"):
        play.withdraw(complaint, target)
    else:
        play.review(complaint, target)


def left_answered(play: Play, file: File) -> dict[str, Thing]:
    """Claims that were answered, one in each way, of which nobody says whether they satisfy."""
    made = {resolution: file("claim") for resolution in RESOLUTIONS}
    for resolution, claim in made.items():
        play.answer(claim, resolutionType=resolution)
    return made


def closed_as_answered(play: Play, made: dict[str, Thing]) -> None:
    """They ended as their answers say."""
    assert all(play.api.get(claim.path)["status"] == resolution for resolution, claim in made.items())
