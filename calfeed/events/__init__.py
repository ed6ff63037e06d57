"""Events as a collection: the model, its filters, how it is read and shown."""
