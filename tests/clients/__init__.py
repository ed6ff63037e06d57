"""Calendar apps, the programs themselves, subscribe to a ``calfeed serve`` over HTTP."""
