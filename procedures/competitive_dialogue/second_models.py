"""The tender of the second stage, for readers from abroad and for those at home."""

from __future__ import annotations

from typing import ClassVar

from openprocurement_api.models.dialogue import HEAVIEST
from openprocurement_api.models.open_tender import OpenTender
from openprocurement_api.models.second_stage import second_stage
from procedures.above_threshold_eu.models import Tender as EnglishTender


@second_stage
class SecondTender(EnglishTender):
    """A call for prices from those who took part in the first stage."""

    FEATURES_MAX: ClassVar = HEAVIEST


@second_stage
class NationalSecondTender(OpenTender):
    """The same, said in the language of the country alone."""

    FEATURES_MAX: ClassVar = HEAVIEST
