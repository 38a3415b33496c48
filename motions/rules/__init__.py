"""Pure decisions about motions: facts and days come in, a value or a domain error comes out."""
