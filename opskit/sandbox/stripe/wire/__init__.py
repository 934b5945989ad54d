"""How requests and answers look on the wire: forms, error envelopes, ids."""
