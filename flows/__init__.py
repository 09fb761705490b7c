"""The only code that imports prefect: thin flow, thin tasks, deployment."""
