"""What many servers would reach: a model, measured here, held to what is measured here, and then carried on."""
