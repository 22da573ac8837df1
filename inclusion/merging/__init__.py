"""Two records of one person: what spans the apps, from the write path to pages and API."""
