"""One module a change; what was released is never edited."""
