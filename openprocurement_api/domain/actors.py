"""Who acts. An actor is a name; a plugin may add one by choosing a new name."""

from __future__ import annotations

from typing import Final, NewType

Actor = NewType("Actor", str)

EVERYONE: Final = Actor("everyone")
"""Anybody, also without a key: reads what is public."""
BROKER: Final = Actor("broker")
"""A platform with a key of the group `brokers`."""
OWNER: Final = Actor("tender_owner")
"""The platform that announced the tender, showing the tender's token."""
BIDDER: Final = Actor("bid_owner")
"""The platform that holds the bid in question, showing its token."""
PARTICIPANT: Final = Actor("participant")
"""The holder of any bid of the tender that takes part, or took part, in it."""
COMPLAINANT: Final = Actor("complaint_owner")
"""The platform that filed the complaint in question, showing its token."""
REVIEWER: Final = Actor("reviewers")
"""The body that reviews complaints."""
BODY: Final = Actor("aboveThresholdReviewers")
"""The body that reviews complaints about purchases above the thresholds of the law."""
CLOCK: Final = Actor("chronograph")
"""Time itself: what falls due, and the planning of auctions."""
AUCTION: Final = Actor("auction")
"""The auction module."""
ADMINISTRATOR: Final = Actor("Administrator")
"""An operator who repairs by hand."""
ADMINS: Final = Actor("admins")
"""The group that may do whatever an owner may, and create awards and contracts."""
BOT: Final = Actor("bots")
"""Bots that add extracts of state registers."""
CONTRACTING: Final = Actor("contracting")
"""The bridge that carries signed contracts into the contract register."""
DIALOGUE: Final = Actor("competitive_dialogue")
"""The bridge that opens the second stage of a dialogue."""
AUTO: Final = Actor("auto")
"""The engine: moves as soon as the guards hold."""
CASCADE: Final = Actor("cascade")
"""The engine: moves as the effect of another move."""
