"""What the pages cost, each beside a twin written the usual way; `script/bench` runs and reports them."""
