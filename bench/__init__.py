"""Speed and quality against peers. `python -m bench` lists them."""
