"""Pages about the person, the organisation and its people."""
