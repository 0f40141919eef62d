"""Tests of the portal; the folders mirror those of the source."""
