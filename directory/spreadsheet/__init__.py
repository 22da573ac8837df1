"""The directory as a spreadsheet, one row an offer: columns (what a cell says) → files → applying."""
