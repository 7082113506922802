"""What a run found: rows that a target is known for, whatever was measured."""

from __future__ import annotations

import msgspec


class Row(msgspec.Struct, frozen=True):
    """One line of the table: what was measured, beside what, and the ratio that is judged (or the value, in its unit).

    `most` says whether the target is not to be exceeded; without a target nothing is judged. A read has two more ratios:
    `ratio_l2` counts the store's part to the limit; `reach` is what the ratio would be if the API remembered every answer and did
    nothing but ask the store whether it is still true.
    """

    job: str
    where: str
    measured: str
    limit: str
    ratio: float
    target: float | None
    most: bool = True
    note: str = ""
    ratio_l2: float | None = None
    reach: float | None = None

    def reaches(self, ratio: float) -> bool:
        """Whether a ratio is as good as the target, or there is none."""
        if self.target is None:
            return True
        return ratio <= self.target if self.most else ratio >= self.target

    @property
    def out_of_reach(self) -> bool:
        """Whether asking the store, and nothing else, already costs more than the target leaves."""
        return self.reach is not None and not self.reaches(self.reach) and not self.reaches(self.ratio)

    @property
    def judged(self) -> float:
        """The ratio that the target is for: with the store's part in the limit where it is out of reach without."""
        return self.ratio_l2 if self.out_of_reach and self.ratio_l2 is not None else self.ratio

    @property
    def passed(self) -> bool:
        """Whether the target is reached."""
        return self.reaches(self.judged)

    @property
    def verdict(self) -> str:
        """In a word."""
        if self.target is None:
            return "-"
        word = "pass" if self.passed else "FAIL"
        return f"out of reach (with L2: {word})" if self.out_of_reach else word

    @property
    def share(self) -> float:
        """How much of the target is reached: 1 is just enough, less is too little."""
        if self.target is None or not self.judged:
            return 1.0
        return self.target / self.judged if self.most else self.judged / self.target
