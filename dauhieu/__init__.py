"""Dauhieu: signs of violations in social, unemployment and health insurance."""

__version__ = "0.1.0"
