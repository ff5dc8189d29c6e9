"""Speed and quality against peers. `python -m bench` lists the benches; each prints one JSON object as its last line."""
