"""Ports that files state beside the platform's own Python and JavaScript: manifests, units, proxies, other languages."""
