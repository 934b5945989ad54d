"""Analytics: takes events, counts them. The first service on the shared base."""
