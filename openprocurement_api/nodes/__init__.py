"""The catalogue of resources: one file a kind, each with its workflow, guards, effects and the node a procedure composes."""
