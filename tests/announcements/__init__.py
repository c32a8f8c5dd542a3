"""The sources of announcements, and a fabric that plays the real courses of Azure's events."""
