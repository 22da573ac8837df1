"""How dates are written and read, where Django's own choice for a language is not the health service's."""
