"""A closed set of pure methods, the engine that applies them, the composite."""
