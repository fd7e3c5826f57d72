"""Larger pictures, by models shaped like Real-ESRGAN."""
