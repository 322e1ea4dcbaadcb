# Bad
span.set_attribute("api_key", api_key)

# Good
span.set_attribute("api_key_present", bool(api_key))
