import re

def scrub_sensitive_data(log_message: str) -> str:
    # Scrub API keys
    log_message = re.sub(r'api_key=\w+', 'api_key=***', log_message)
    # Scrub passwords
    log_message = re.sub(r'password=\S+', 'password=***', log_message)
    return log_message
