"""Files which are handed out: a small one at once, a large one made by a worker and kept for a day for who asked."""
