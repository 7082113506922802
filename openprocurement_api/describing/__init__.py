"""What the system says of itself: procedures as data, what a caller may do now, the API as OpenAPI. Knows nothing of the web."""
