"""Reading other directories into this one: started by an admin or the clock, carried on by any worker.

starting (a reading is a row) → running (claims it, page by page, service by service) → taking (one service).
"""
