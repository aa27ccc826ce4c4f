"""What the benchmark of the HTTP side is made of; bench/http_bench.py puts it together."""
