"""The service users and how to reach them safely."""
