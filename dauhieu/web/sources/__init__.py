"""Data sources: how fresh each table is against what signs need, what was delivered, what was set aside and why, and
the door by which an office delivers its files and gets back what is to be mended."""
