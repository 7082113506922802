"""What the chronograph counts; served at `chronograph.metrics`."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

SEEN = Counter("openprocurement_chronograph_documents_total", "Documents seen to because they were due")
FAILED = Counter("openprocurement_chronograph_failures_total", "Documents that could not be seen to, or stayed due")
OUTAGES = Counter("openprocurement_chronograph_outages_total", "Passes that ended because the store was unavailable")
PLANNED = Counter("openprocurement_chronograph_auctions_planned_total", "Auctions that were given a start")
UNPLANNED = Counter("openprocurement_chronograph_auctions_unplanned_total", "Auctions that could not be given a start")
LATENESS = Histogram(
    "openprocurement_chronograph_lateness_seconds",
    "From the moment a document falls due until it is seen to",
    buckets=(0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600),
)
