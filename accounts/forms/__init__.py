"""Input about people, organisations and sign-in."""
