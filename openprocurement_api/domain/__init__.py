"""What is true in procurement, in plain Python: states and moves, the tree of nodes, time, money, ranking."""
