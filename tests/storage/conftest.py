import pytest

for part in ("documents", "due", "feed", "kinds", "moments", "races", "wholes"):
    pytest.register_assert_rewrite(f"openprocurement_api.storage.contract_{part}")
