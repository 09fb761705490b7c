"""A run as a service: the Prefect flow, its server and its schedule, and what is told about it."""
