"""What a run found: rows that a target is known for, whatever was measured."""

from __future__ import annotations

import msgspec


class Row(msgspec.Struct, frozen=True):
    """One line of the table: what was measured, beside what, and the ratio that is judged (or the value, in its unit).

    `most` says whether the target is not to be exceeded; without a target nothing is judged.
    """

    job: str
    where: str
    measured: str
    limit: str
    ratio: float
    target: float | None
    most: bool = True
    note: str = ""

    @property
    def passed(self) -> bool:
        """Whether the target is reached."""
        if self.target is None:
            return True
        return self.ratio <= self.target if self.most else self.ratio >= self.target

    @property
    def verdict(self) -> str:
        """In a word."""
        return "-" if self.target is None else "pass" if self.passed else "FAIL"

    @property
    def share(self) -> float:
        """How much of the target is reached: 1 is just enough, less is too little."""
        if self.target is None or not self.ratio:
            return 1.0
        return self.target / self.ratio if self.most else self.ratio / self.target
