"""The field's own terms as frozen values: no input or output, no third-party imports."""
