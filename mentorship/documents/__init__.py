"""What this app prints besides orders: blanks of consents."""
