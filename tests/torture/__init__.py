"""Faults made on purpose: run by hand with `make torture`, a small part of it by tests/test_trust.py."""
