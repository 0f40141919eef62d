"""The portal as a whole: settings, addresses, the embedded database, and the commands that need every app."""
