"""Spreadsheets of people: which columns a file may have, whose row is whose card, what an import writes."""
