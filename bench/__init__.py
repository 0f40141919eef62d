"""Speed of the portal as ratios inside one run: never a test, always a comparison with a baseline."""
