"""Offline stand-ins for the services that a platform talks to."""
