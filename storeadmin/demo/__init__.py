"""The demo store: read from `fixtures/demo/`, played out from a seed, written, and checked."""
