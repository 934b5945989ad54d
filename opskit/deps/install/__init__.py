"""From manifests to an environment that services run in: made, filled, mended after a cut, and proved by importing names."""
