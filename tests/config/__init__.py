"""Tests of settings, the embedded database and the commands of the whole portal."""
