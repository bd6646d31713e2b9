"""Practice over invented figures: what it looks like, and that it never meets a real store."""
