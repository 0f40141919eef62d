"""Tests of the public section."""
