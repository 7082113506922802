"""The competitive dialogue in two stages: who can propose a solution is found first, then prices are offered for it."""
