"""Damaged and hostile inputs for every reader: run in parts by hand with `make fuzz`, one per cent of it by tests/test_fuzz.py."""
