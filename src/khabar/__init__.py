"""Khabar reads news reports on armed conflict and keeps a record in which every fact names its sentence and its speaker."""

__version__ = "0.1.0"
