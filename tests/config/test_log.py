"""The log names what happened, never whom it happened to."""

import logging

from config.log import PlainFormatter


def record_of(error: Exception) -> logging.LogRecord:
    try:
        raise error
    except Exception as caught:
        return logging.LogRecord("portal", logging.ERROR, __file__, 1, "Failed", None, (type(caught), caught, None))


def test_row_quoted_by_postgresql_is_left_out():
    message = 'violates unique constraint "user_email_once"\nDETAIL:  Key (email)=(a@school.ru) already exists.\n'
    text = PlainFormatter().format(record_of(ValueError(message)))

    assert 'violates unique constraint "user_email_once"' in text
    assert "a@school.ru" not in text
    assert "a@school.ru" in logging.Formatter().format(record_of(ValueError(message)))
