"""How Django's own filters and forms write and read numbers and dates, where it differs from what Django ships."""
