"""How fast the API is, as ratios to named limits measured in the same run: `make bench`."""
